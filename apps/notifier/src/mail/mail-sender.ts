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
  /**
   * Resolves once the mail is safe with whoever delivers it. Rejects with `MailRefused` if this one will never be taken, and with
   * `MailNotSent` otherwise: then, or without an answer, send the same again. Ends within seconds of the signal.
   */
  send(mail: Mail, signal?: AbortSignal): Promise<void>;
  /** Would a mail be taken now? Rejects with `MailNotSent`. For readiness. */
  check(): Promise<void>;
  /** Sends under way come to an end one way or the other. */
  close(): Promise<void>;
}

export class MailNotSent extends Error {
  readonly code = 'mail_not_sent';
  constructor(message: string, options: { cause: unknown }) {
    super(message, options);
    this.name = 'MailNotSent';
  }
}

/** For good, and for this mail only: its recipient, or what it says. */
export class MailRefused extends Error {
  readonly code = 'mail_refused';
  constructor(
    /** In the words of whoever refused it, on one line. */
    readonly reason: string,
    options: { cause: unknown },
  ) {
    super('the mail was refused', options);
    this.name = 'MailRefused';
  }
}
