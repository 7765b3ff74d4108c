import type { ServerHttp2Stream } from 'node:http2';
import { gunzipSync, gzipSync } from 'node:zlib';

/** How a call ends, unless well. */
export class CallFailed extends Error {
  constructor(
    readonly status: number,
    readonly details: string,
    readonly trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    this.name = 'CallFailed';
  }
}

export const handlerThrew = (): CallFailed => new CallFailed(2, 'Exception was thrown by handler.');

/** The servers' own limit of a message. */
const maxMessageBytes = 16 * 1024 * 1024;
const frameHeaderBytes = 5;

/** One call, message by message. */
export class GrpcCall {
  private readonly incoming: Buffer[] = [];
  private wake: () => void = () => undefined;
  private readonly blocked: (() => void)[] = [];
  private hasEnded = false;
  private received: Buffer = Buffer.alloc(0);
  private readonly listeners = new Set<() => void>();
  isOver = false;
  private losesAnswers = false;
  private failure: CallFailed | null = null;

  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly compresses: boolean,
    private readonly server: { readonly sent: () => void; readonly drop: (port: number) => void },
  ) {
    stream.on('data', (chunk: Buffer) => this.take(chunk));
    stream.on('end', () => {
      this.hasEnded = true;
      this.wake();
    });
    stream.on('error', () => undefined);
    stream.on('drain', () => this.unblock());
    stream.on('close', () => {
      this.isOver = true;
      this.unblock();
      this.wake();
      for (const listener of this.listeners) listener();
    });
  }

  onOver(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Until the client has sent everything. Throws for a message that is too large. */
  async *messages(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const next = this.incoming.shift();
      if (next) yield next;
      else if (this.failure) throw this.failure;
      else if (this.isOver || this.hasEnded) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Waits while the client takes nothing. */
  async send(message: Uint8Array): Promise<void> {
    if (this.stream.destroyed) return;
    if (this.losesAnswers) return this.dropConnection();
    this.respond();
    this.server.sent();
    const payload = this.compresses ? gzipSync(message) : message;
    const frame = Buffer.alloc(frameHeaderBytes + payload.length);
    frame.writeUInt8(this.compresses ? 1 : 0, 0);
    frame.writeUInt32BE(payload.length, 1);
    frame.set(payload, frameHeaderBytes);
    if (!this.stream.write(frame)) await new Promise<void>((resolve) => this.blocked.push(resolve));
  }

  end(status: number, details = '', trailers: Readonly<Record<string, string>> = {}): void {
    if (this.stream.destroyed) return;
    const last = { 'grpc-status': String(status), ...(details && { 'grpc-message': encodeURIComponent(details) }), ...trailers };
    if (!this.stream.headersSent) {
      this.stream.respond({ ...this.responseHeaders(), ...last }, { endStream: true });
      return;
    }
    this.stream.once('wantTrailers', () => this.stream.sendTrailers(last));
    this.stream.end();
  }

  /** From now on the connection breaks instead of an answer. */
  loseAnswers(): void {
    this.losesAnswers = true;
  }

  /** By its socket, from outside: to destroy a session in the midst of its own work corrupts the heap of Node 20. */
  dropConnection(): void {
    const port = this.stream.session?.socket.remotePort;
    if (port !== undefined) this.server.drop(port);
  }

  private unblock(): void {
    for (const resolve of this.blocked.splice(0)) resolve();
  }

  private respond(): void {
    if (!this.stream.headersSent) this.stream.respond(this.responseHeaders(), { waitForTrailers: true });
  }

  private responseHeaders(): Record<string, string | number> {
    return { ':status': 200, 'content-type': 'application/grpc', ...(this.compresses && { 'grpc-encoding': 'gzip' }) };
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    while (this.received.length >= frameHeaderBytes) {
      const length = this.received.readUInt32BE(1);
      if (length > maxMessageBytes) {
        this.failure ??= new CallFailed(8, 'Received message exceeds the maximum configured message size.');
        this.received = Buffer.alloc(0);
        break;
      }
      if (this.received.length < frameHeaderBytes + length) break;
      const payload = this.received.subarray(frameHeaderBytes, frameHeaderBytes + length);
      this.incoming.push(this.received.readUInt8(0) === 1 ? gunzipSync(payload) : payload);
      this.received = this.received.subarray(frameHeaderBytes + length);
    }
    this.wake();
  }
}
