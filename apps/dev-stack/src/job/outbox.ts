import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const headerOf = (mail: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(mail)?.[1]?.trim() ?? '';

/** The subject of the mail to `address` about the script of that id, if one that begins so lies in the outbox. */
export const mailIn = (outbox: string, address: string, scriptId: string, subject: string): string | null => {
  for (const file of readdirSync(outbox).filter((name) => name.endsWith('.eml'))) {
    const mail = readFileSync(join(outbox, file), 'utf8');
    const found = headerOf(mail, 'Subject');
    if (found.startsWith(subject) && headerOf(mail, 'To').includes(address) && mail.includes(scriptId)) return found;
  }
  return null;
};
