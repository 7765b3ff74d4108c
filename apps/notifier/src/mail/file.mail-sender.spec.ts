import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { compose } from './compose.js';
import { FileMailSender } from './file.mail-sender.js';
import type { Mail } from './mail-sender.js';

const from = 'noreply@scripts.example';
const mail: Mail = {
  id: 'event-1/auth0|boss',
  threadId: 'script-1',
  to: 'boss@a.example',
  at: '2026-03-02T01:00:00.123456Z',
  subject: 'Approval wanted: Gäste umziehen 🚀',
  urgent: false,
  text: 'A text.\n.\nFrom here on, with a line that is long: '.padEnd(1_200, 'x'),
  html: '<p>An &lt;HTML&gt;</p>',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outbox-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('an outbox of files', () => {
  it('holds the whole message, for nobody else to read', async () => {
    const directory = join(folder, 'made', 'when needed');
    await new FileMailSender({ directory, from }).send(mail);
    const [file = '', ...more] = await readdir(directory);
    expect(more).toEqual([]);
    expect(file).toMatch(/^20260302T010000Z-[0-9a-f]{40}\.eml$/);
    expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    const parsed = await simpleParser(await readFile(join(directory, file)));
    expect(parsed).toMatchObject({
      subject: mail.subject,
      html: mail.html,
      from: { value: [{ address: from }] },
      to: { value: [{ address: mail.to }] },
    });
    expect(parsed.text?.trimEnd()).toBe(mail.text);
    expect(parsed.date?.toISOString()).toBe('2026-03-02T01:00:00.000Z');
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('has a mail that is sent again once', async () => {
    const sender = new FileMailSender({ directory: folder, from });
    await Promise.all([sender.send(mail), sender.send(mail), sender.send({ ...mail, id: 'event-1/auth0|clerk' })]);
    await sender.send(mail);
    const files = await readdir(folder);
    expect(files).toHaveLength(2);
    const ids = await Promise.all(files.map(async (file) => (await simpleParser(await readFile(join(folder, file)))).messageId));
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^<[0-9a-f]{40}@scripts\.example>$/);
  });

  it('that cannot be written to says so, and leaves nothing behind', async () => {
    const taken = join(folder, 'taken');
    await writeFile(taken, 'a file');
    const sender = new FileMailSender({ directory: taken, from });
    await expect(sender.send(mail)).rejects.toMatchObject({ code: 'mail_not_sent' });
    await expect(sender.check()).rejects.toMatchObject({ code: 'mail_not_sent' });
    await rm(taken);
    await sender.check();
    expect(await readdir(taken)).toEqual([]);
  });
});

const headersOf = async (one: Mail) => [...(await simpleParser(await compose(one, from))).headers.keys()].toSorted();

describe('a message', () => {
  it('marks what is urgent, and keeps the mails of one script together', async () => {
    const [urgent, calm] = await Promise.all([
      compose({ ...mail, urgent: true }, from).then((message) => simpleParser(message)),
      compose({ ...mail, id: 'event-2/auth0|boss' }, from).then((message) => simpleParser(message)),
    ]);
    expect([urgent, calm].map(({ headers }) => headers.get('priority'))).toEqual(['high', undefined]);
    expect(urgent.references).toEqual(calm.references);
    expect(urgent.messageId).not.toBe(calm.messageId);
  });

  it('has no headers but ours, whatever its parts hold', async () => {
    const expected = await headersOf({ ...mail, urgent: true });
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('a\r\nBcc: evil@b.example', 'a\n\nb', '\r\n.\r\nRSET', '=?utf-8?Q?=0ABcc:?='),
    );
    await fc.assert(
      fc.asyncProperty(fc.record({ subject: text, text, html: text, id: text, threadId: text }), async (parts) => {
        const written = { subject: `S ${parts.subject}`, text: `T ${parts.text}`, html: `H ${parts.html}` };
        const changed = { ...mail, urgent: true, ...parts, ...written };
        expect(await headersOf(changed)).toEqual(expected);
        const parsed = await simpleParser(await compose(changed, from));
        expect(parsed).not.toHaveProperty('bcc');
        expect(parsed.to).toMatchObject({ value: [{ address: mail.to }] });
        expect(parsed.attachments).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
