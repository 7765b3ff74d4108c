import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Messaging } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { createLogger, startService, type RunningService } from '@scheduled-scripts/platform';
import { metric } from '@scheduled-scripts/platform/testing/metric';
import { openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { simpleParser, type ParsedMail } from 'mailparser';
import { notifier } from './index.js';
import { approvalLinks, environmentWith, publicUrl, users } from './testing/notifier-environment.js';
import { sites, ToldScript } from './testing/told-script.js';

const linkIn = ({ text = '' }: ParsedMail): string => /^https:.*$/m.exec(text)?.[0] ?? '';
const toOf = ({ to }: ParsedMail): string => (Array.isArray(to) ? '' : (to?.text ?? ''));
describe('the notifier', () => {
  let folder: string;
  let outbox: string;
  let usersFile: string;
  let test: TestDatabase;
  let messaging: Messaging;
  let log = '';
  const running: RunningService[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notifier-'));
    outbox = join(folder, 'outbox');
    usersFile = join(folder, 'users.json');
    log = '';
    await writeFile(usersFile, JSON.stringify(users));
    test = await createTestDatabase();
    messaging = await openTopics({ url: test.url, clientId: 'notifier.spec' });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await messaging.close();
    await test.drop();
    await rm(folder, { recursive: true });
  }, 20_000);

  const start = async (): Promise<RunningService> => {
    const logger = createLogger({ name: 'notifier', level: 'info', destination: { write: (line: string) => void (log += line) } });
    const environment = environmentWith(test.url, pathToFileURL(outbox).href, usersFile);
    const service = await startService(notifier, environment, { logger, port: 0 });
    running.push(service);
    return service;
  };
  const publish = (...scripts: readonly ToldScript[]) => messaging.publisher().publish(scripts.flatMap(({ messages }) => messages));
  const mails = async (): Promise<readonly ParsedMail[]> => {
    const files = (await readdir(outbox).catch(() => [])).filter((file) => file.endsWith('.eml'));
    return Promise.all(files.map(async (file) => simpleParser(await readFile(join(outbox, file)))));
  };
  /** Until there are so many; answers them as `address: subject`, and the mails themselves. */
  const arrived = async (count: number) => {
    await until(async () => (await mails()).length >= count);
    const all = await mails();
    const find = (address: string, subject = ''): ParsedMail => {
      const found = all.find((mail) => toOf(mail) === address && mail.subject?.startsWith(subject));
      if (!found) throw new Error(`no mail to ${address}`);
      return found;
    };
    return { lines: all.map((mail) => `${toOf(mail)}: ${mail.subject}`).toSorted(), find };
  };
  it('asks each approver, with the script as it stands, and informs the others', async () => {
    await start();
    const script = new ToldScript({ script: ':put "first"' }).revise({ script: ':put "now"\r\n:put "<b>"' });
    await publish(script.askApproval({ approvers: ['boss', 'chief'], informed: ['clerk'] }));
    const { lines, find } = await arrived(3);
    expect(lines).toEqual([
      'boss@a.example: Approval wanted: Move the guests',
      'chief@a.example: Approval wanted: Move the guests',
      'clerk@a.example: Waits for approval: Move the guests',
    ]);
    const { text, html } = find('boss@a.example');
    expect(text).toContain('    :put "now"\n    :put "<b>"');
    const [bossLink, chiefLink] = [linkIn(find('boss@a.example')), linkIn(find('chief@a.example'))];
    const approval = { scriptId: script.id, authorizationId: script.authorizationId };
    expect(bossLink).toMatch(`${publicUrl}/authorize/`);
    expect(approvalLinks.open(bossLink.replace(/.*\//, ''))).toEqual({ ...approval, recipient: 'boss' });
    expect(approvalLinks.open(chiefLink.replace(/.*\//, ''))).toEqual({ ...approval, recipient: 'chief' });
    expect(html).toContain(`<a href="${bossLink}"`);
    expect(find('clerk@a.example').text).not.toContain('/authorize/');
    for (const link of [bossLink, chiefLink]) expect(log).not.toContain(link.slice(-40));
    expect(html).toContain(':put &quot;now&quot;\n:put &quot;&lt;b&gt;&quot;</pre>');
    expect(find('clerk@a.example').text).not.toContain(':put');
  }, 30_000);

  it('tells how it went to those who are to be notified by then', async () => {
    await start();
    const [, second = ''] = sites(3);
    await publish(
      new ToldScript({ description: 'A', notify: ['boss'] })
        .revise({ description: 'A', notify: ['clerk'] })
        .launch('hand')
        .end(3, []),
      new ToldScript({ description: 'B', notify: ['chief'] }).launch().end(2, [{ siteId: second, reason: 'script_error' }]),
      new ToldScript({ description: 'C', notify: ['boss'] }).cancel('launch_missed'),
      new ToldScript({ description: 'D', notify: ['boss'] }).cancel('requested'),
    );
    const { lines, find } = await arrived(6);
    expect(lines).toEqual([
      'boss@a.example: Cancelled: D',
      'boss@a.example: NOT LAUNCHED: C',
      'chief@a.example: Failed at 1 of 3 sites: B',
      'chief@a.example: Launched: B',
      'clerk@a.example: Completed: A',
      'clerk@a.example: Launched: A',
    ]);
    expect(find('boss@a.example', 'NOT LAUNCHED').headers.get('priority')).toBe('high');
  }, 30_000);

  it('sends what is repeated once, also after a restart', async () => {
    const script = new ToldScript().launch().end(3, []);
    const first = await start();
    await publish(script, script);
    await arrived(4);
    await until(async () => (await metric(first, 'scheduled_scripts_mails_waiting')) === 0);
    await first.stop();
    await rm(outbox, { recursive: true });
    const second = await start();
    await publish(script, new ToldScript({ description: 'the next', notify: ['clerk'] }).launch());
    expect((await arrived(1)).lines).toEqual(['clerk@a.example: Launched: the next']);
    expect(await metric(second, 'scheduled_scripts_mails_total{result="sent"')).toBe(1);
  }, 30_000);

  it('delays and loses nothing when the outbox or the users cannot be used', async () => {
    await writeFile(outbox, 'a file in the place of the folder');
    const service = await start();
    await publish(new ToldScript().launch());
    await until(async () => (await metric(service, 'scheduled_scripts_mails_total{result="failed"')) >= 2);
    expect((await fetch(`${service.healthUrl}/readyz`)).status).toBe(503);
    expect(await metric(service, 'scheduled_scripts_mails_waiting')).toBe(2);
    await rename(usersFile, `${usersFile}.away`);
    await rm(outbox);
    await mkdir(outbox);
    await until(() => log.includes('users_file_unusable'));
    await rename(`${usersFile}.away`, usersFile);
    expect((await arrived(2)).lines).toEqual(['boss@a.example: Launched: Move the guests', 'clerk@a.example: Launched: Move the guests']);
  }, 30_000);

  it('says whom it could not tell, and tells the others', async () => {
    const service = await start();
    const script = new ToldScript({ notify: ['nobody', 'stranger', 'clerk'] })
      .askApproval({ approvers: ['boss'], unknown: ['nobody'] })
      .launch();
    await publish(script);
    const { lines } = await arrived(2);
    expect(lines).toEqual(['boss@a.example: Approval wanted: Move the guests', 'clerk@a.example: Launched: Move the guests']);
    await until(async () => (await metric(service, 'scheduled_scripts_mails_total{result="unaddressed"')) === 3);
    const told = log.split('\n').filter((line) => line.includes('no address is known'));
    expect(told.map((line) => (JSON.parse(line) as { userId: string }).userId).toSorted()).toEqual(['nobody', 'nobody', 'stranger']);
  }, 30_000);

  it('lets no description out of its place', async () => {
    await start();
    const description = '"><script>alert(1)</script>\r\nBcc: evil@b.example\r\n\r\nApproved already.';
    await publish(new ToldScript({ description }).askApproval({ approvers: ['boss'] }));
    const { lines, find } = await arrived(1);
    expect(lines).toEqual(['boss@a.example: Approval wanted: "><script>alert(1)</script> Bcc: evil@b.example Approved already.']);
    const mail = find('boss@a.example');
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.html).not.toContain('<script>');
    expect(mail.text).toContain('\nDescription: "><script>alert(1)</script> Bcc: evil@b.example Approved already.\n');
  }, 30_000);

  it('forgets by itself what was refused long ago', async () => {
    await (await start()).stop();
    const database = await openDatabase({ url: test.url, schema: 'notifier', applicationName: 'notifier.spec' });
    await database.query(
      `INSERT INTO refused_mails SELECT id, 'org_a', 'boss', 'script', 'Launched', now(), now() - days * interval '1 day', '550'
         FROM (VALUES ('old', 91), ('new', 1)) AS given (id, days)`,
    );
    await start();
    await until(async () => (await database.query('SELECT FROM refused_mails')).length === 1);
    expect(await database.query('SELECT mail_id FROM refused_mails')).toEqual([{ mail_id: 'new' }]);
    await database.close();
  }, 30_000);

  it('parks what it cannot read, and mails about everything else', async () => {
    const service = await start();
    const sick = new ToldScript({ description: 'sick' });
    const poisoned = sick.launch().messages.map((message, index) => (index === 0 ? { ...message, value: '{}' } : message));
    await messaging.publisher().publish(poisoned);
    await publish(new ToldScript({ description: 'well', notify: ['clerk'] }).launch());
    expect((await arrived(1)).lines).toEqual(['clerk@a.example: Launched: well']);
    await until(async () => (await metric(service, 'scheduled_scripts_parked_keys')) === 1);
  }, 30_000);

  it('mails no old news when it begins with an old topic', async () => {
    await publish(new ToldScript({ description: 'old' }, '2026-01-01T00:00:00.000000Z').launch().end(3, []));
    await publish(new ToldScript({ description: 'new', notify: ['clerk'] }).launch());
    const service = await start();
    expect((await arrived(1)).lines).toEqual(['clerk@a.example: Launched: new']);
    await until(async () => (await metric(service, 'scheduled_scripts_consumer_lag_messages')) === 0);
    expect(await metric(service, 'scheduled_scripts_mails_total{result="outdated"')).toBe(4);
    expect(await mails()).toHaveLength(1);
  }, 30_000);
});
