import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { compose, nameOf } from './compose.js';
import { MailNotSent, type Mail, type MailSender } from './mail-sender.js';

export interface FileMailSenderOptions {
  readonly directory: string;
  /** The sender's address. */
  readonly from: string;
}

const synced = async (path: string, flags: string, work: (file: FileHandle) => Promise<void> = async () => undefined): Promise<void> => {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Whole and durable before it has its name, and nobody else's to read: mails hold the text of scripts. */
const write = async (directory: string, name: string, content: Buffer): Promise<void> => {
  const part = join(directory, `${name}.${randomUUID()}.part`);
  try {
    await synced(part, 'wx', (file) => file.writeFile(content));
    await rename(part, join(directory, name));
    await synced(directory, 'r');
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
};

/** Mails as `.eml` files in a folder; a mail that is sent again replaces itself. */
export class FileMailSender implements MailSender {
  constructor(private readonly options: FileMailSenderOptions) {}

  async send(mail: Mail): Promise<void> {
    const { directory, from } = this.options;
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const time = mail.at.slice(0, 19).replace(/[-:]/g, '');
      await write(directory, `${time}Z-${nameOf(mail.id)}.eml`, await compose(mail, from));
    } catch (cause) {
      throw new MailNotSent('the mail could not be written to the outbox', { cause });
    }
  }

  async check(): Promise<void> {
    try {
      await mkdir(this.options.directory, { recursive: true, mode: 0o700 });
      await access(this.options.directory, constants.W_OK);
    } catch (cause) {
      throw new MailNotSent('the outbox cannot be written to', { cause });
    }
  }

  async close(): Promise<void> {}
}
