import { oneLine } from '@scheduled-scripts/platform';
import { compose } from '../compose.js';
import { MailNotSent, MailRefused, type Mail, type MailSender } from '../mail-sender.js';
import { SmtpSession, type Envelope, type SmtpSessionOptions } from './smtp-session.js';

export interface SmtpMailSenderOptions extends SmtpSessionOptions {
  /** The sender's address. */
  readonly from: string;
}

/** A connection that nothing is sent over is closed after so long. */
const idleMillis = 20_000;

/** A server that was reached is taken to be there for so long. */
const checkMillis = 60_000;

interface SmtpFailure {
  readonly command?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
}

/**
 * The server's no to this recipient or to this text. Its no to the login or to the sender is about us, and every mail: somebody has to put
 * that right, and until then the mails wait.
 */
const reasonOfRefusal = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null) return null;
  const { command, responseCode, response } = error as SmtpFailure;
  const isPermanent = typeof responseCode === 'number' && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
  return isPermanent ? oneLine(String(typeof response === 'string' ? response : responseCode)).slice(0, 300) : null;
};

/** Servers hang up on those who have been silent, with or without a word: 421. */
const isHangUp = (error: unknown): boolean => {
  const code = typeof error === 'object' && error !== null ? (error as SmtpFailure).responseCode : undefined;
  return typeof code !== 'number' || code === 421;
};

/** Mails through a server. Keeps as many connections as are used side by side; whoever sends bounds that. */
export class SmtpMailSender implements MailSender {
  private idle: { readonly session: SmtpSession; readonly expiry: NodeJS.Timeout }[] = [];
  private reachedAt = Number.NEGATIVE_INFINITY;
  private checking: Promise<void> | null = null;
  private isClosed = false;

  constructor(private readonly options: SmtpMailSenderOptions) {}

  async send(mail: Mail, signal?: AbortSignal): Promise<void> {
    const message = await compose(mail, this.options.from);
    try {
      await this.deliver({ from: this.options.from, to: mail.to }, message, signal);
    } catch (cause) {
      const reason = reasonOfRefusal(cause);
      if (reason !== null) throw new MailRefused(reason, { cause });
      this.reachedAt = Number.NEGATIVE_INFINITY;
      throw new MailNotSent('the mail server has not taken the mail', { cause });
    }
  }

  check(): Promise<void> {
    if (performance.now() - this.reachedAt < checkMillis) return Promise.resolve();
    return (this.checking ??= this.reach().finally(() => {
      this.checking = null;
    }));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (let session = this.taken(); session; session = this.taken()) session.close();
  }

  private async deliver(envelope: Envelope, message: Buffer, signal?: AbortSignal): Promise<void> {
    const kept = this.taken();
    try {
      if (kept) return await this.deliverOver(kept, envelope, message, signal);
    } catch (error) {
      if (!isHangUp(error) || signal?.aborted) throw error;
    }
    await this.deliverOver(await SmtpSession.open(this.options), envelope, message, signal);
  }

  private async deliverOver(session: SmtpSession, envelope: Envelope, message: Buffer, signal?: AbortSignal): Promise<void> {
    await session.send(envelope, message, signal);
    this.keep(session);
  }

  private async reach(): Promise<void> {
    try {
      this.keep(await SmtpSession.open(this.options));
    } catch (cause) {
      throw new MailNotSent('the mail server cannot be used', { cause });
    }
  }

  /** The one used last: the others grow old. */
  private taken(): SmtpSession | undefined {
    for (let last = this.idle.pop(); last; last = this.idle.pop()) {
      clearTimeout(last.expiry);
      if (last.session.isOpen) return last.session;
    }
    return undefined;
  }

  private keep(session: SmtpSession): void {
    this.reachedAt = performance.now();
    if (this.isClosed) {
      session.close();
      return;
    }
    const expiry = setTimeout(() => session.close(), idleMillis).unref();
    // Those that have ended meanwhile, by themselves or by the server, go.
    this.idle = [...this.idle.filter((one) => one.session.isOpen), { session, expiry }];
  }
}
