import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ParsedMail } from 'mailparser';
import type { Mail, MailSender } from '../mail/mail-sender.js';

export const from = 'noreply@scripts.example';

export const aMail = (over: Partial<Mail> = {}): Mail => ({
  id: 'event-1/auth0|boss',
  threadId: 'script-1',
  to: 'boss@a.example',
  at: '2026-03-02T01:00:00.123456Z',
  subject: 'Approval wanted: Gäste umziehen 🚀',
  urgent: false,
  text: 'A text.\n.\nFrom here on, with a line that is long: '.padEnd(1_200, 'x'),
  html: '<p>An &lt;HTML&gt;</p>',
  ...over,
});

export interface MailSenderStage {
  readonly sender: MailSender;
  /** What has arrived where mails go, in any order. */
  received(): Promise<readonly ParsedMail[]>;
  /** No mail can be taken until it is mended. */
  breakDown(): Promise<void>;
  mend(): Promise<void>;
  end(): Promise<void>;
}

/** What is promised of every way to send mails. */
export const mailSenderContract = (name: string, start: () => Promise<MailSenderStage>): void => {
  describe(`the contract of mail senders: ${name}`, () => {
    let stage: MailSenderStage;
    beforeEach(async () => {
      stage = await start();
    });
    afterEach(() => stage.end());

    it('delivers the whole message', async () => {
      const mail = aMail();
      await stage.sender.send(mail);
      const [received, ...more] = await stage.received();
      expect(more).toEqual([]);
      expect(received).toMatchObject({
        subject: mail.subject,
        html: expect.stringContaining(mail.html),
        from: { value: [{ address: from }] },
        to: { value: [{ address: mail.to }] },
        date: new Date('2026-03-02T01:00:00.000Z'),
      });
      expect(received?.text?.trimEnd()).toBe(mail.text);
      expect(received?.headers.get('auto-submitted')).toBe('auto-generated');
      expect(received?.headers.has('priority')).toBe(false);
    });

    it('gives a mail that is sent again the id that it had, and others their own', async () => {
      await stage.sender.send(aMail());
      await stage.sender.send(aMail());
      await stage.sender.send(aMail({ id: 'event-1/auth0|clerk', urgent: true }));
      const received = await stage.received();
      const ids = received.map(({ messageId }) => messageId ?? '');
      expect(new Set(ids).size).toBe(2);
      for (const id of ids) expect(id).toMatch(/^<[0-9a-f]{40}@scripts\.example>$/);
      expect(new Set(received.map(({ references }) => String(references))).size).toBe(1);
    });

    it('takes many at a time', async () => {
      const mails = Array.from({ length: 20 }, (_, index) => aMail({ id: String(index), to: `user${index}@a.example` }));
      await Promise.all(mails.map((mail) => stage.sender.send(mail)));
      const addresses = (await stage.received()).map(({ to }) => (Array.isArray(to) ? '' : to?.text));
      expect(addresses).toHaveLength(20);
      expect(new Set(addresses)).toEqual(new Set(mails.map(({ to }) => to)));
    });

    it('says so while nothing can be taken, and takes the same again afterwards', async () => {
      await stage.breakDown();
      await expect(stage.sender.send(aMail())).rejects.toMatchObject({ code: 'mail_not_sent' });
      await expect(stage.sender.check()).rejects.toMatchObject({ code: 'mail_not_sent' });
      await stage.mend();
      await stage.sender.check();
      await stage.sender.send(aMail());
      expect(await stage.received()).toHaveLength(1);
    });

    it('lets nothing that is quoted become a header', async () => {
      const quoted = 'x\r\nBcc: evil@b.example\r\n\r\nApproved already.';
      await stage.sender.send(aMail({ subject: quoted, text: `.\r\n${quoted}\r\n.\r\nRSET\r\n` }));
      const [received] = await stage.received();
      expect(received?.headers.has('bcc')).toBe(false);
      expect(received?.text).toContain('RSET');
    });
  });
};
