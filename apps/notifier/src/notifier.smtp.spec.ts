import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Messaging } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { createLogger, startService, type RunningService } from '@scheduled-scripts/platform';
import { metric } from '@scheduled-scripts/platform/testing/metric';
import { openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { notifier } from './index.js';
import { nameOf } from './mail/compose.js';
import { KnownSites } from './testing/known-sites.js';
import { login, MailServer } from './testing/mail-server.js';
import { approvalLinks, environmentWith, users } from './testing/notifier-environment.js';
import { sites, ToldScript } from './testing/told-script.js';

/** Of the mail to `boss` about the last that was told. */
const messageIdOf = ({ messages }: ToldScript): string => `<${nameOf(`${messages.at(-1)?.id}/boss`)}@localhost>`;

describe('the notifier, with a mail server', () => {
  let folder: string;
  let server: MailServer;
  let test: TestDatabase;
  let messaging: Messaging;
  let service: RunningService;
  let log = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'notifier-'));
    const usersFile = join(folder, 'users.json');
    await writeFile(usersFile, JSON.stringify(users));
    log = '';
    [server, test] = await Promise.all([new MailServer().start(), createTestDatabase()]);
    messaging = await openTopics({ url: test.url, clientId: 'notifier.spec' });
    const logger = createLogger({ name: 'notifier', level: 'trace', destination: { write: (line: string) => void (log += line) } });
    service = await startService(notifier, environmentWith(test.url, server.urlFrom(folder), usersFile), { logger, port: 0 });
  }, 30_000);
  afterEach(async () => {
    await service.stop();
    await Promise.all([messaging.close(), server.stop()]);
    await test.drop();
    await rm(folder, { recursive: true });
  }, 20_000);

  const publish = (...scripts: readonly ToldScript[]) => messaging.publisher().publish(scripts.flatMap(({ messages }) => messages));
  const arrived = async (count: number): Promise<readonly string[]> => {
    await until(() => Promise.resolve(server.received.length >= count));
    return server.received.map(({ to, subject }) => `${Array.isArray(to) ? '' : to?.text}: ${subject}`).toSorted();
  };

  it('asks approvers, each by a link of their own', async () => {
    const script = new ToldScript().askApproval({ approvers: ['boss', 'chief'] });
    await publish(script);
    expect(await arrived(2)).toEqual([
      'boss@a.example: Approval wanted: Move the guests',
      'chief@a.example: Approval wanted: Move the guests',
    ]);
    const recipients = server.received.map(({ text = '' }) => approvalLinks.open(/authorize\/(\S+)/.exec(text)?.[1] ?? '')?.recipient);
    expect(new Set(recipients)).toEqual(new Set(['boss', 'chief']));
    // Whoever can read the database cannot approve by that.
    await until(async () => (await metric(service, 'scheduled_scripts_mails_waiting')) === 0);
    expect(log).not.toContain('authorize/');
  }, 30_000);

  it('keeps what cannot be sent, without the links, until the server is back; and then sends each once', async () => {
    await server.stop();
    await publish(new ToldScript().askApproval({ approvers: ['boss', 'chief'] }).launch());
    await until(async () => (await metric(service, 'scheduled_scripts_mails_total{result="failed"')) >= 4);
    expect((await fetch(`${service.healthUrl}/readyz`)).status).toBe(503);
    expect(await metric(service, 'scheduled_scripts_mails_waiting')).toBe(4);
    const database = await openDatabase({ url: test.url, schema: 'notifier', applicationName: 'notifier.spec' });
    const rows = JSON.stringify(await database.query('SELECT * FROM mails'));
    await database.close();
    expect(rows).toContain('Approval wanted');
    expect(rows).not.toContain('/authorize/');
    await server.start();
    expect(await arrived(4)).toHaveLength(4);
    await until(async () => (await metric(service, 'scheduled_scripts_mails_waiting')) === 0);
    expect(new Set(server.received.map(({ messageId }) => messageId)).size).toBe(4);
    expect(await metric(service, 'scheduled_scripts_oldest_waiting_mail_seconds')).toBe(0);
    expect(log).not.toContain(login.pass);
  }, 60_000);

  it('reports whom the server will not have, keeps why, and tells the others', async () => {
    server.behaviour.recipients = { 'boss@a.example': '550 5.1.1 No such user', 'clerk@a.example': '451 4.3.0 Come back later' };
    const script = new ToldScript({ notify: ['boss', 'chief', 'clerk'] }).launch();
    await publish(script);
    expect(await arrived(1)).toEqual(['chief@a.example: Launched: Move the guests']);
    await until(async () => (await metric(service, 'scheduled_scripts_mails_total{result="refused"')) === 1);
    server.behaviour.recipients = {};
    expect(await arrived(2)).toContain('clerk@a.example: Launched: Move the guests');
    await until(async () => (await metric(service, 'scheduled_scripts_mails_waiting')) === 0);
    const database = await openDatabase({ url: test.url, schema: 'notifier', applicationName: 'notifier.spec' });
    const kept = await database.query('SELECT user_id, script_id, subject, reason FROM refused_mails');
    await database.close();
    expect(kept).toEqual([
      { user_id: 'boss', script_id: script.id, subject: 'Launched: Move the guests', reason: expect.stringContaining('No such user') },
    ]);
    const told = log.split('\n').find((line) => line.includes('refused for good')) ?? '{}';
    expect(JSON.parse(told)).toMatchObject({ level: 'error', userId: 'boss', scriptId: script.id });
    expect(server.received).toHaveLength(2);
  }, 60_000);

  it('names failed sites by what they are called when it is sent, and by their ids alone while nobody may say', async () => {
    const [first = '', second = ''] = sites(2);
    const failed = [{ siteId: first, reason: 'script_error' } as const, { siteId: second, reason: 'offline' } as const];
    const script = new ToldScript({ notify: ['boss'] }).end(1, failed);
    await publish(script);
    await arrived(1);
    // There is no directory at all.
    expect(server.received[0]?.text).toContain(`\n- ${first} stopped in the middle of the script: `);
    expect(await metric(service, 'scheduled_scripts_site_names_readable')).toBe(0);

    const known = await KnownSites.in(test.url);
    await known.add('org_1', first, 'router-11');
    await known.add('org_2', second, 'their router');
    expect(await metric(service, 'scheduled_scripts_site_names_readable')).toBe(1);
    server.behaviour.data = '451 4.3.0 Come back later';
    const next = new ToldScript({ notify: ['boss'] }).end(1, failed);
    await publish(next);
    await until(async () => (await metric(service, 'scheduled_scripts_mails_total{result="failed"')) >= 1);
    await known.directory.update('org_1', first, { name: 'router-12 <b>\r\n- router-13' });
    delete server.behaviour.data;
    await arrived(2);
    await known.close();
    const [, mail] = server.received;
    expect(mail?.text).toContain(`\n- router-12 <b> - router-13 (${first}) stopped in the middle of the script: `);
    expect(mail?.text).toContain(`\n- ${second} was offline; nothing was run`);
    expect(mail?.html).toContain(`<li>router-12 &lt;b&gt; - router-13 (${first}) stopped in the middle`);

    // Whatever sites are called, a mail that is sent again is the same mail.
    expect(server.received.map(({ messageId }) => messageId)).toEqual([messageIdOf(script), messageIdOf(next)]);
    const said = log.split('\n').filter((line) => line.includes('the names of sites'));
    expect(said.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['warn', 'info']);
  }, 60_000);
});
