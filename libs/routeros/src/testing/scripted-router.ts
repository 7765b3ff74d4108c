import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { RouterAddress } from '../router-session.js';
import { ClientGone, ScriptedConnection, type Asked } from './scripted-connection.js';

/** Runs once for every connection. What it throws, except `ClientGone`, comes out of `ScriptedRouter.close`. */
export type Script = (connection: ScriptedConnection) => Promise<void> | void;

/** A server that speaks the RouterOS API byte by byte as a script tells it: the right way and every wrong one. */
export class ScriptedRouter {
  /** Every sentence of every connection, in the order of arrival. */
  readonly asked: Asked[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #connections: ScriptedConnection[] = [];
  readonly #scripts: Promise<void>[] = [];
  #failure: unknown = null;

  private constructor(script: Script, tls?: TlsOptions) {
    const meet = (socket: Socket) => {
      const wire = [...this.#sockets].find(({ remotePort }) => remotePort === socket.remotePort) ?? socket;
      const connection = new ScriptedConnection(socket, wire, (asked) => this.asked.push(asked));
      this.#connections.push(connection);
      this.#scripts.push(this.#play(script, connection));
    };
    this.#server = tls ? createTlsServer({ ...tls, allowHalfOpen: true }, meet) : createTcpServer({ allowHalfOpen: true }, meet);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(script: Script, tls?: TlsOptions): Promise<ScriptedRouter> {
    const router = new ScriptedRouter(script, tls);
    await new Promise<void>((resolve) => router.#server.listen(0, '127.0.0.1', resolve));
    return router;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the scripted router does not listen');
    return address.port;
  }

  /** Without TLS, as admin; a script decides itself what it makes of the password. */
  address(overrides: Partial<RouterAddress> = {}): RouterAddress {
    return { host: '127.0.0.1', port: this.port, tls: { mode: 'none' }, username: 'admin', password: 'correct horse', ...overrides };
  }

  /** Resolves when every client that came has left. */
  async untilDeserted(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.untilGone()));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await Promise.all(this.#scripts);
    if (this.#failure !== null) throw this.#failure;
  }

  async #play(script: Script, connection: ScriptedConnection): Promise<void> {
    try {
      await script(connection);
    } catch (error) {
      if (!(error instanceof ClientGone)) this.#failure ??= error;
    }
  }
}

/** Starts a scripted router, runs `use`, and closes the router in any case. */
export async function scriptedRouter<T>(script: Script, use: (router: ScriptedRouter) => Promise<T>, tls?: TlsOptions): Promise<T> {
  const router = await ScriptedRouter.start(script, tls);
  try {
    return await use(router);
  } finally {
    await router.close();
  }
}
