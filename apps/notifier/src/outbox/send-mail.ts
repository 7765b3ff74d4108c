import type { ClaimedWork, WorkVerdict } from '@scheduled-scripts/postgres';
import type { MailSender } from '../mail/mail-sender.js';
import type { AddressBook } from '../users/address-book.js';
import { mailRow, type MailRow } from './mail-row.js';

export interface SendMailOptions {
  readonly addressBook: Pick<AddressBook, 'addressOf'>;
  readonly sender: MailSender;
  readonly onSent: () => void;
  /** There is nowhere to send it to. */
  readonly onUnaddressed: (mail: MailRow) => void;
}

/** Sends one mail. Whatever fails is the loop's to try again: a mail leaves the outbox only when it is sent, or has no address. */
export const sendMail =
  ({ addressBook, sender, onSent, onUnaddressed }: SendMailOptions) =>
  async ({ id, payload }: ClaimedWork, signal: AbortSignal): Promise<WorkVerdict> => {
    if (signal.aborted) return { do: 'release' };
    const mail = mailRow.parse(payload);
    const { organizationId, userId, scriptId, ...letter } = mail;
    const to = await addressBook.addressOf(organizationId, userId);
    if (to === null) {
      onUnaddressed(mail);
      return { do: 'complete' };
    }
    await sender.send({ id, threadId: scriptId, to, ...letter });
    onSent();
    return { do: 'complete' };
  };
