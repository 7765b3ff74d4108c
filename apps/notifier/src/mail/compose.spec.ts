import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { aMail, from } from '../testing/mail-sender.contract.js';
import { compose } from './compose.js';
import type { Mail } from './mail-sender.js';

const mail = aMail();

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
