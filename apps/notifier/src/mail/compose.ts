import { hash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Mail } from './mail-sender.js';

const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** A name without anything of the id that could mean something in a header or a path. */
export const nameOf = (id: string): string => hash('sha256', id).slice(0, 40);

/** The message as it goes over the wire. Nothing that others have written is taken for a header, a file or an address. */
export const compose = async (mail: Mail, from: string): Promise<Buffer> => {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const { message } = await transport.sendMail({
    from: { name: 'Scheduled scripts', address: from },
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: new Date(mail.at),
    messageId: `<${nameOf(mail.id)}@${domain}>`,
    references: `<${nameOf(mail.threadId)}@${domain}>`,
    priority: mail.urgent ? 'high' : 'normal',
    // So that no robot answers.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  if (!Buffer.isBuffer(message)) throw new TypeError('a buffering transport gave no buffer');
  return message;
};
