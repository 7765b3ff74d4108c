import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';

/** How a call ended. */
export interface WireStatus {
  readonly code: number;
  readonly details: string;
  readonly trailers: Readonly<Record<string, string>>;
  /** There was not even a header before it. */
  readonly trailersOnly: boolean;
}

const told = ['exception', 'stream-name', 'expected-version', 'actual-version', 'maximum-append-size', 'required-metadata-properties'];
const frameHeaderBytes = 5;

/** One call, frame by frame, without any gRPC library between. */
export class WireCall {
  readonly received: Buffer[] = [];
  /** Whether each message that came was compressed. */
  readonly compressed: boolean[] = [];
  responseHeaders: IncomingHttpHeaders = {};
  status: WireStatus | null = null;
  private rest: Buffer = Buffer.alloc(0);
  private readonly stream: ClientHttp2Stream;
  private wake: () => void = () => undefined;

  constructor(session: ClientHttp2Session, path: string, headers: Readonly<Record<string, string>>) {
    this.stream = session.request({
      ':method': 'POST',
      ':path': path,
      te: 'trailers',
      'content-type': 'application/grpc',
      ...headers,
    });
    this.stream.on('error', () => undefined);
    this.stream.on('response', (response, flags) => {
      this.responseHeaders = response;
      if (flags & constants.NGHTTP2_FLAG_END_STREAM) this.ended(response, true);
    });
    this.stream.on('trailers', (trailers) => this.ended(trailers, false));
    this.stream.on('data', (chunk: Buffer) => this.take(chunk));
    this.stream.on('close', () => this.wake());
  }

  send(message: Uint8Array): void {
    const frame = Buffer.alloc(frameHeaderBytes + message.length);
    frame.writeUInt32BE(message.length, 1);
    frame.set(message, frameHeaderBytes);
    this.stream.write(frame);
  }

  end(): void {
    this.stream.end();
  }

  cancel(): void {
    this.stream.close(constants.NGHTTP2_CANCEL);
  }

  /** The next message, or `null` when none has come by the deadline or the call has ended. */
  async next(millis: number): Promise<Buffer | null> {
    await this.until(() => this.received.length > 0, millis);
    return this.received.shift() ?? null;
  }

  async ends(millis: number): Promise<WireStatus | null> {
    await this.until(() => this.status !== null, millis);
    return this.status;
  }

  private async until(isTrue: () => boolean, millis: number): Promise<void> {
    const deadline = performance.now() + millis;
    while (!isTrue() && !this.stream.closed && performance.now() < deadline) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - performance.now());
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  private ended(headers: IncomingHttpHeaders, trailersOnly: boolean): void {
    const trailers = Object.fromEntries(told.flatMap((key) => (headers[key] === undefined ? [] : [[key, String(headers[key])]])));
    const details = decodeURIComponent(String(headers['grpc-message'] ?? ''));
    this.status = { code: Number(headers['grpc-status']), details, trailers, trailersOnly };
    this.wake();
  }

  private take(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= frameHeaderBytes) {
      const end = frameHeaderBytes + this.rest.readUInt32BE(1);
      if (this.rest.length < end) break;
      this.compressed.push(this.rest.readUInt8(0) === 1);
      this.received.push(this.rest.subarray(frameHeaderBytes, end));
      this.rest = this.rest.subarray(end);
    }
    this.wake();
  }
}

/** A connection to a server that speaks HTTP/2 in the clear. */
export const openWire = (url: string) => {
  const session = connect(`http://${new URL(url).host}`);
  session.on('error', () => undefined);
  return {
    call: (path: string, headers: Readonly<Record<string, string>> = {}) => new WireCall(session, path, headers),
    close: () => session.destroy(),
  };
};
