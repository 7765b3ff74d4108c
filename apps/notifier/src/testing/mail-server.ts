import { writeFileSync } from 'node:fs';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { selfSigned } from '@scheduled-scripts/routeros/testing';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

const { key, cert } = selfSigned('localhost', '127.0.0.1');

export const login = { user: 'notifier', pass: 'p@ss/word:1' };

/** What the server answers instead of taking part: `450 …`, `550 …`. */
const answer = (reply: string): Error => Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });

export interface Behaviour {
  /** Refuse what is about to happen, with this reply. */
  sender?: string;
  /** By address. */
  recipients?: Readonly<Record<string, string>>;
  data?: string;
  /** Held until it resolves, before a mail is taken. */
  pause?: Promise<unknown>;
}

export type TlsOf = 'starttls' | 'implicit' | 'none';

/** A mail server on this machine, whose answers suites may choose. */
export class MailServer {
  readonly behaviour: Behaviour = {};
  readonly received: ParsedMail[] = [];
  connections = 0;
  busiest = 0;
  private open = 0;
  private server: SMTPServer | undefined;
  private port = 0;

  constructor(private readonly tls: TlsOf = 'starttls') {}

  /** Again on the port that it had. */
  async start(): Promise<this> {
    const server = new SMTPServer({ ...this.options(), closeTimeout: 100 });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', () => resolve()));
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Hangs up on all that are connected. */
  hangUp(): void {
    for (const connection of this.server?.connections ?? []) connection.close();
  }

  /** How it is reached, with the certificate in a file of `folder`. */
  urlFrom(folder: string, { user, pass } = login): string {
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, cert);
    const authority = `${encodeURIComponent(user)}:${encodeURIComponent(pass)}@localhost:${this.port}`;
    if (this.tls === 'none') return `smtp://localhost:${this.port}?tls=false`;
    return `${this.tls === 'implicit' ? 'smtps' : 'smtp'}://${authority}?ca=${encodeURIComponent(caFile)}`;
  }

  private options(): SMTPServerOptions {
    const isEncrypted = this.tls !== 'none';
    return {
      key,
      cert,
      secure: this.tls === 'implicit',
      disabledCommands: isEncrypted ? [] : ['STARTTLS', 'AUTH'],
      authOptional: !isEncrypted,
      onConnect: (_session, done) => {
        this.connections += 1;
        this.open += 1;
        this.busiest = Math.max(this.busiest, this.open);
        done();
      },
      onClose: () => {
        this.open -= 1;
      },
      onAuth: ({ username, password }, _session, done) =>
        username === login.user && password === login.pass ? done(null, { user: username }) : done(answer('535 No such login')),
      onMailFrom: (_address, _session, done) => done(this.behaviour.sender ? answer(this.behaviour.sender) : null),
      onRcptTo: ({ address }, _session, done) => {
        const reply = this.behaviour.recipients?.[address];
        done(reply ? answer(reply) : null);
      },
      onData: (stream, _session, done) => {
        const taken = async (): Promise<void> => {
          const [mail] = await Promise.all([simpleParser(stream), this.behaviour.pause]);
          if (!this.behaviour.data) this.received.push(mail);
          done(this.behaviour.data ? answer(this.behaviour.data) : null);
        };
        void taken();
      },
    };
  }
}

/** Something that listens where a mail server should, and does as `serve` likes with whoever comes. */
export const listening = async (serve: (socket: Socket) => void): Promise<{ readonly port: number; stop(): Promise<void> }> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
