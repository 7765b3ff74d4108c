import type { SecureContext } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js';
import type { SmtpAddress } from '../mail-url.js';

export interface SmtpSessionOptions extends Omit<SmtpAddress, 'caFile'> {
  /** Whom we believe about who the server is. Made once: it takes longer than all the rest of a conversation. */
  readonly secureContext: SecureContext;
  /** For a whole conversation: to connect and log in, and again for each mail. */
  readonly timeoutMillis: number;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** What a mail that is on its way when we stop still gets. */
const lastMillis = 3_000;

class TimedOut extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Whoever is left by us need not agree. Not in the library's published types yet. */
const hangUpAtOnce = { socketCloseTimeout: 0 };

/** One connection to a mail server, logged in, for one mail at a time. Whatever goes wrong ends it. */
export class SmtpSession {
  private ended: Error | null = null;
  private readonly waiting = new Set<(error: Error) => void>();

  private constructor(
    private readonly connection: SMTPConnection,
    private readonly timeoutMillis: number,
  ) {
    connection.on('error', (error) => this.end(error));
    connection.on('end', () => this.end(new Error('the mail server has closed the connection')));
  }

  static async open({ host, port, tls, auth, secureContext, timeoutMillis }: SmtpSessionOptions): Promise<SmtpSession> {
    const connection = new SMTPConnection({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { rejectUnauthorized: true, secureContext },
      connectionTimeout: timeoutMillis,
      greetingTimeout: timeoutMillis,
      socketTimeout: timeoutMillis,
      dnsTimeout: timeoutMillis,
      ...hangUpAtOnce,
    });
    const session = new SmtpSession(connection, timeoutMillis);
    await session.step((done) => {
      connection.connect((error) => {
        if (error || auth === null) done(error ?? null);
        else connection.login(auth, (refused) => done(refused ?? null));
      });
    });
    return session;
  }

  get isOpen(): boolean {
    return this.ended === null;
  }

  /** Resolves once the server has taken it. */
  async send(envelope: Envelope, message: Buffer, signal?: AbortSignal): Promise<void> {
    let hangingUp: NodeJS.Timeout | undefined;
    const onAbort = (): void => {
      // Most are taken in less, and one that is cut off may come twice.
      hangingUp = setTimeout(() => this.close(), lastMillis);
    };
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await this.step((done) => this.connection.send({ ...envelope, to: [envelope.to] }, message, (error) => done(error)));
    } finally {
      clearTimeout(hangingUp);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  close(): void {
    this.end(new Error('the connection was closed'));
  }

  /** The library's own timeouts begin anew with each byte: a server that drips would hold us for ever. */
  private async step(begin: (done: (error: Error | null) => void) => void): Promise<void> {
    const deadline = setTimeout(() => this.end(new TimedOut('the mail server took too long')), this.timeoutMillis);
    try {
      await new Promise<void>((resolve, reject) => {
        this.waiting.add(reject);
        if (this.ended) reject(this.ended);
        else begin((error) => (error ? reject(error) : resolve()));
      });
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(deadline);
      this.waiting.clear();
    }
  }

  private end(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    this.connection.close();
    for (const reject of this.waiting) reject(error);
  }
}
