import { connect, createServer, type Server, type Socket } from 'node:net';

type Pair = readonly [near: Socket, far: Socket];

const join = ([near, far]: Pair): void => {
  near.pipe(far);
  far.pipe(near);
};

const part = ([near, far]: Pair): void => {
  near.unpipe(far).pause();
  far.unpipe(near).pause();
};

/** The port that clients see: it can vanish as after SIGKILL, or stand still as after SIGSTOP, when the kernel goes on accepting. */
export class Gateway {
  private readonly pairs = new Set<Pair>();
  private server: Server | null = null;
  private isFrozen = false;
  port = 0;

  constructor(
    private readonly innerPort: number,
    private readonly innerHost = '127.0.0.1',
  ) {}

  get connections(): number {
    return this.pairs.size;
  }

  async open(): Promise<void> {
    this.isFrozen = false;
    const server = createServer((near) => this.accept(near));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address) this.port = address.port;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    this.drop();
    await closed;
  }

  /** Breaks every connection, or the one that comes to the server from this port. */
  drop(port?: number): void {
    for (const [near, far] of this.pairs) if (port === undefined || far.localPort === port) near.resetAndDestroy();
  }

  freeze(): void {
    this.isFrozen = true;
    for (const pair of this.pairs) part(pair);
  }

  /** Lets what is open stand still for good, while new connections work: a firewall that has forgotten about them. */
  forgetConnections(): void {
    for (const pair of this.pairs) part(pair);
  }

  thaw(): void {
    this.isFrozen = false;
    for (const pair of this.pairs) join(pair);
  }

  private accept(near: Socket): void {
    const far = connect(this.innerPort, this.innerHost);
    const pair: Pair = [near, far];
    this.pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const other of pair) other.destroy();
        this.pairs.delete(pair);
      });
    }
    if (!this.isFrozen) join(pair);
  }
}
