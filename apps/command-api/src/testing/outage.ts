import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can be cut and mended. */
export class Outage {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => this.join(socket));
  private target = { host: '', port: 0 };
  private port = 0;

  /** The URL by which the server of `url` is reached through here. */
  readonly reach = async (url: string): Promise<string> => {
    const through = new URL(url);
    this.target = { host: through.hostname, port: Number(through.port) };
    await this.mend();
    through.port = String(this.port);
    return through.href;
  };

  mend(): Promise<void> {
    return new Promise((resolve) => {
      this.server.listen(this.port, '127.0.0.1', () => {
        this.port = (this.server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  cut(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }

  private join(client: Socket): void {
    const upstream = connect(this.target);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(one);
      one.pipe(other);
      one.on('error', () => undefined);
      one.on('close', () => {
        other.destroy();
        this.sockets.delete(one);
      });
    }
  }
}
