export interface Mail {
  /** The same for every try to send it; the Message-ID follows from it. */
  readonly id: string;
  /** Mails of one thread are shown together. */
  readonly threadId: string;
  readonly to: string;
  /** When it was written: a timestamp of six fraction digits. */
  readonly at: string;
  readonly subject: string;
  readonly urgent: boolean;
  readonly text: string;
  readonly html: string;
}

/** Takes mails on their way. */
export interface MailSender {
  /** Resolves once the mail is safe with whoever delivers it. Rejects with `MailNotSent`: then, or without an answer, send the same again. */
  send(mail: Mail): Promise<void>;
  /** Would a mail be taken now? Rejects with `MailNotSent`. For readiness. */
  check(): Promise<void>;
}

export class MailNotSent extends Error {
  readonly code = 'mail_not_sent';
  constructor(message: string, options: { cause: unknown }) {
    super(message, options);
    this.name = 'MailNotSent';
  }
}
