import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Breakdown } from '../menus/menu-call.js';
import type { Network, SimulatedRouter } from '../router/simulated-router.js';
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

interface Door {
  readonly service: 'api' | 'api-ssl';
  readonly server: Server;
  port: number;
  opening: boolean;
}

const tryAgainMillis = 500;

/** The listeners of one router and everybody who is connected. */
export class Sessions implements Network {
  private readonly sockets = new Map<Socket, ApiSession | null>();
  /** Also those that are still shaking hands. */
  private readonly connections = new Set<Socket>();
  private readonly doors: readonly Door[];
  private stopped = false;

  constructor(
    private readonly router: SimulatedRouter,
    listenings: readonly Listening[],
  ) {
    this.doors = listenings.map(({ port, tls }) => ({
      service: tls ? 'api-ssl' : 'api',
      server: this.makeServer(tls),
      port,
      opening: false,
    }));
    router.attach(this);
  }

  /** Takes every port, and gives up those that should not be open yet. Rejects where a port is taken. */
  async listen(): Promise<void> {
    await Promise.all(this.doors.map((door) => this.open(door)));
  }

  refresh(): void {
    for (const door of this.doors) {
      if (door.opening) continue;
      const wanted = this.shouldBeOpen(door);
      if (!wanted && door.server.listening) door.server.close();
      // A port that somebody else has taken meanwhile is tried again until it is free.
      if (wanted && !door.server.listening) void this.open(door).catch(() => this.router.after(tryAgainMillis, () => this.refresh()));
    }
  }

  /** The ports of the listeners, in the order in which they were asked for. */
  ports(): number[] {
    return this.doors.map((door) => door.port);
  }

  breakAll(how: Breakdown): void {
    for (const [socket, session] of this.sockets) {
      if (session) session.breakDown(how);
      else breakDown(socket, how);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const socket of this.connections) socket.destroy();
    const open = this.doors.filter((door) => door.server.listening);
    await Promise.all(open.map((door) => new Promise((resolve) => door.server.close(resolve))));
  }

  private shouldBeOpen({ service }: Door): boolean {
    if (this.stopped || !this.router.running || this.router.conditions.refuse) return false;
    return this.router.store.rows('/ip/service').some((row) => row.fields['name'] === service && row.fields['disabled'] === 'false');
  }

  private async open(door: Door): Promise<void> {
    door.opening = true;
    try {
      await listen(door.server, door.port);
      const address = door.server.address();
      if (address !== null && typeof address === 'object') door.port = address.port;
    } finally {
      door.opening = false;
    }
    // What was wanted may have changed meanwhile.
    if (!this.shouldBeOpen(door)) door.server.close();
  }

  private makeServer(tls: TlsFiles | null): Server {
    const accept = (socket: Socket): void => this.accept(socket);
    const server = tls ? createTlsServer({ ...tls, allowHalfOpen: true }, accept) : createServer({ allowHalfOpen: true }, accept);
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.on('close', () => this.connections.delete(socket));
    });
    // Whoever opens the port hears of its errors; a failed handshake is the client's affair.
    return server.on('error', () => undefined);
  }

  private accept(socket: Socket): void {
    const { router } = this;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    this.sockets.set(socket, null);
    const fault = router.faults.at({ point: 'connect' });
    if (fault?.kind === 'reboot') return router.reboot('fault');
    if (fault?.kind === 'power-loss') return router.losePower();
    if (fault?.kind === 'hang') return router.after(fault.milliseconds, () => this.serve(socket));
    const { reset, silent } = router.conditions;
    const how = reset ? 'reset' : silent ? 'silent' : this.isFull() ? 'close' : null;
    const breakdown = fault && isBreakdown(fault.kind) ? fault.kind : how;
    if (breakdown === null) return this.serve(socket);
    if (breakdown !== 'half-open') socket.resume();
    breakDown(socket, breakdown);
  }

  private serve(socket: Socket): void {
    if (!socket.destroyed) this.sockets.set(socket, new ApiSession(socket, this.router));
  }

  private isFull(): boolean {
    const { router } = this;
    return router.version.maxSessions && this.sockets.size > router.conditions.maxSessions;
  }
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
