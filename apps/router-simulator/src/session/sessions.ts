import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Breakdown } from '../menus/menu.js';
import type { SimulatedRouter } from '../router/simulated-router.js';
import { ApiSession } from './api-session.js';
import { breakDown, isBreakdown } from './breakdown.js';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface Listening {
  /** 0 takes a free one, and keeps it. */
  readonly port: number;
  readonly tls: TlsFiles | null;
}

interface Entry {
  readonly tls: TlsFiles | null;
  readonly server: Server;
  port: number;
}

/** The listeners of one router and everybody who is connected. */
export class Sessions {
  private readonly sockets = new Map<Socket, ApiSession | null>();
  private readonly servers: Entry[] = [];
  private stopped = false;

  constructor(
    private readonly router: SimulatedRouter,
    listenings: readonly Listening[],
  ) {
    for (const { port, tls } of listenings) this.servers.push({ port, tls, server: this.makeServer(tls) });
    router.connect(this);
  }

  /** Resolves when every port that should listen does. Rejects where a port is taken. */
  async listen(): Promise<void> {
    await Promise.all(this.servers.filter((entry) => this.shouldListen(entry)).map(open));
  }

  /** Opens and closes the ports as conditions, services and power want it. */
  conditionsChanged(): void {
    for (const entry of this.servers) {
      const wanted = this.shouldListen(entry);
      if (wanted && !entry.server.listening) void open(entry).catch(() => undefined);
      if (!wanted && entry.server.listening) entry.server.close();
    }
  }

  /** The ports of the listeners, in the order in which they were asked for. */
  ports(): number[] {
    return this.servers.map((entry) => entry.port);
  }

  breakAll(how: Breakdown): void {
    for (const [socket, session] of this.sockets) {
      if (session) session.breakDown(how);
      else breakDown(socket, how);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.breakAll('reset');
    for (const socket of this.sockets.keys()) socket.destroy();
    await Promise.all(
      this.servers.filter(({ server }) => server.listening).map(({ server }) => new Promise((resolve) => server.close(resolve))),
    );
  }

  private shouldListen({ tls }: Entry): boolean {
    if (this.stopped || !this.router.running || this.router.conditions.refuse) return false;
    const service = tls ? 'api-ssl' : 'api';
    return this.router.store.rows('/ip/service').some((row) => row.fields['name'] === service && row.fields['disabled'] === 'false');
  }

  private makeServer(tls: TlsFiles | null): Server {
    const accept = (socket: Socket): void => this.accept(socket);
    const server = tls ? createTlsServer({ ...tls, allowHalfOpen: true }, accept) : createServer({ allowHalfOpen: true }, accept);
    server.on('error', () => undefined);
    return server;
  }

  private accept(socket: Socket): void {
    const { conditions } = this.router;
    this.sockets.set(socket, null);
    socket.on('error', () => socket.destroy());
    const forget = (): void => void this.sockets.delete(socket);
    const fault = this.router.faultAt({ point: 'connect' });
    const how = conditions.reset ? 'reset' : conditions.silent ? 'silent' : this.isFull() ? 'close' : null;
    if (fault?.kind === 'reboot') return this.router.reboot('fault');
    if (fault?.kind === 'power-loss') return this.router.losePower();
    const breakdown = fault && isBreakdown(fault.kind) ? fault.kind : how;
    if (breakdown !== null) {
      socket.on('close', forget);
      if (breakdown === 'silent') socket.resume();
      return breakDown(socket, breakdown);
    }
    this.sockets.set(socket, new ApiSession(socket, this.router, forget));
  }

  private isFull(): boolean {
    const { router } = this;
    return router.version.maxSessions && this.sockets.size > router.conditions.maxSessions;
  }
}

const open = (entry: Entry): Promise<void> =>
  new Promise((resolve, reject) => {
    const { server } = entry;
    server.once('error', reject);
    server.listen(entry.port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address !== null && typeof address === 'object') entry.port = address.port;
      resolve();
    });
  });
