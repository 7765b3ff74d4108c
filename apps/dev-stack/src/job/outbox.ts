import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const headerOf = (mail: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(mail)?.[1]?.trim() ?? '';

/** A mail in the folder, newest first. */
const mailsIn = (outbox: string): readonly string[] =>
  readdirSync(outbox)
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .reverse()
    .map((name) => readFileSync(join(outbox, name), 'utf8'));

const decoded = (part: string): string => {
  const end = part.indexOf('\r\n\r\n');
  const body = part.slice(end + 4);
  switch (headerOf(part.slice(0, end), 'Content-Transfer-Encoding')) {
    case 'base64':
      return Buffer.from(body, 'base64').toString('utf8');
    case 'quoted-printable': {
      const bytes = body
        .replaceAll('=\r\n', '')
        .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
      return Buffer.from(bytes, 'latin1').toString('utf8');
    }
    default:
      return body;
  }
};

/** What a mail program would show of its plain text. */
const textOf = (mail: string): string => {
  const boundary = /boundary="?([^"\r\n;]+)"?/i.exec(mail)?.[1] ?? '';
  const parts = mail.split(`--${boundary}`).map((part) => part.replace(/^\r\n/, ''));
  return decoded(parts.find((part) => /^Content-Type: text\/plain/im.test(part.split('\r\n\r\n')[0] ?? '')) ?? '');
};

/** The newest mail to `address` about the script of that id whose subject begins so. */
const newest = (outbox: string, address: string, scriptId: string, subject: string): string | undefined =>
  mailsIn(outbox).find(
    (mail) => headerOf(mail, 'Subject').startsWith(subject) && headerOf(mail, 'To').includes(address) && textOf(mail).includes(scriptId),
  );

export interface ReadMail {
  readonly subject: string;
  readonly text: string;
}

/** That mail, if it lies in the outbox. */
export const mailIn = (outbox: string, address: string, scriptId: string, subject: string): ReadMail | null => {
  const found = newest(outbox, address, scriptId, subject);
  return found === undefined ? null : { subject: headerOf(found, 'Subject'), text: textOf(found) };
};

/** The link by which whoever reads mail at `address` may approve the script. */
export const linkIn = (outbox: string, address: string, scriptId: string): string | null => {
  const found = newest(outbox, address, scriptId, 'Approval wanted');
  return found === undefined ? null : (/^https?:\/\/\S+$/m.exec(textOf(found))?.[0] ?? null);
};
