import type { ClaimedWork, WorkVerdict } from '@scheduled-scripts/postgres';
import { withLink } from '../letters/letter.js';
import { sitesIn, withSiteNames } from '../letters/named-sites.js';
import { MailRefused, type MailSender } from '../mail/mail-sender.js';
import type { SiteNames } from '../sites/site-names.js';
import type { AddressBook } from '../users/address-book.js';
import { mailRow, type MailRow } from './mail-row.js';

export interface SendMailOptions {
  readonly addressBook: Pick<AddressBook, 'addressOf'>;
  readonly siteNames: SiteNames;
  readonly sender: MailSender;
  /** The address by which the recipient of the mail may approve. */
  readonly linkOf: (mail: MailRow, authorizationId: string) => string;
  readonly onSent: () => void;
  /** There is nowhere to send it to. */
  readonly onUnaddressed: (mail: MailRow) => void;
  /** It will never be taken, for this reason. Once it resolves the mail is given up. */
  readonly onRefused: (mailId: string, mail: MailRow, reason: string) => Promise<void>;
}

/**
 * Sends one mail. Whatever fails is the loop's to try again: a mail leaves the outbox only when it is sent, has no address, or is refused
 * for good.
 */
export const sendMail =
  ({ addressBook, siteNames, sender, linkOf, onSent, onUnaddressed, onRefused }: SendMailOptions) =>
  async ({ id, payload }: ClaimedWork, signal: AbortSignal): Promise<WorkVerdict> => {
    if (signal.aborted) return { do: 'release' };
    const mail = mailRow.parse(payload);
    const { organizationId, userId, scriptId, authorizationId, ...letter } = mail;
    const to = await addressBook.addressOf(organizationId, userId);
    if (to === null) {
      onUnaddressed(mail);
      return { do: 'complete' };
    }
    const siteIds = sitesIn(letter);
    const named = siteIds.length === 0 ? letter : withSiteNames(letter, await siteNames.of(organizationId, siteIds));
    const own = authorizationId === null ? named : withLink(named, linkOf(mail, authorizationId));
    try {
      await sender.send({ id, threadId: scriptId, to, ...own }, signal);
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      await onRefused(id, mail, error.reason);
      return { do: 'complete' };
    }
    onSent();
    return { do: 'complete' };
  };
