import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { FileMailSender } from './file.mail-sender.js';
import type { MailSender } from './mail-sender.js';
import { parseMailUrl } from './mail-url.js';
import { SmtpMailSender } from './smtp/smtp.mail-sender.js';

export interface OpenMailSenderOptions {
  /** See `parseMailUrl`. */
  readonly url: string;
  readonly from: string;
  readonly timeoutMillis: number;
}

/** The one that the URL asks for. Connects to nothing yet. */
export const openMailSender = ({ url, from, timeoutMillis }: OpenMailSenderOptions): MailSender => {
  const parsed = parseMailUrl(url);
  if (parsed.kind === 'file') return new FileMailSender({ directory: parsed.directory, from });
  const { caFile, ...address } = parsed.address;
  const ca = caFile === null ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] };
  const secureContext = createSecureContext({ minVersion: 'TLSv1.2', ...ca });
  return new SmtpMailSender({ ...address, secureContext, from, timeoutMillis });
};
