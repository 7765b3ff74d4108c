import { createServer, type Http2Server, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import { appendHandler } from './append.handler.js';
import { BatchAppending } from './batch-append.handler.js';
import { deleteHandler } from './delete.handler.js';
import { featuresHandler, gossipHandler } from './discovery.handler.js';
import { editions, type EditionName } from './edition.js';
import { EventLog } from './event-log.js';
import { Gateway } from './gateway.js';
import { CallFailed, GrpcCall, handlerThrew } from './grpc-call.js';
import { paths, streams, type MethodName } from './protocol.js';
import { read } from './read.handler.js';
import { subscribe } from './subscribe.handler.js';

/** What goes wrong with one call. */
export type Fault =
  /** Done, and the connection breaks before the answer is out. */
  | { readonly kind: 'lose answer' }
  /** The connection breaks before anything is done. */
  | { readonly kind: 'drop' }
  /** Nothing is done, and there is never an answer. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly millis: number }
  | { readonly kind: 'fail'; readonly with: CallFailed };

export interface KurrentDoubleOptions {
  /** Which release it answers like; 26.1 unless told. */
  readonly edition?: EditionName | undefined;
  /** How long an unfinished batch is kept; 2 s, as the servers do, unless told. */
  readonly batchTimeoutMillis?: number;
}

/** What Kestrel allows on one connection. */
const maxConcurrentCalls = 100;

/**
 * A server that speaks the streams protocol as EventStoreDB 23.10 and KurrentDB 26.1 do, with everything in memory: held to the recorded
 * answers of both by its own suite. It fails when told to.
 */
export class KurrentDouble {
  readonly log = new EventLog();
  /** How often each method was called. */
  readonly calls = new Map<MethodName, number>();
  /** Every `grpc-accept-encoding` that a client has sent. */
  readonly acceptedEncodings = new Set<string>();
  /** How many messages have gone out, over all calls. */
  sent = 0;
  private readonly open = new Set<GrpcCall>();
  private readonly faults = new Map<MethodName, Fault[]>();
  private readonly handlers: Record<MethodName, (call: GrpcCall) => Promise<void>>;

  private constructor(
    private readonly server: Http2Server,
    private readonly gateway: Gateway,
    { edition = '26.1', batchTimeoutMillis = 2_000 }: KurrentDoubleOptions,
  ) {
    const { log } = this;
    const behaviour = editions[edition];
    this.handlers = {
      append: appendHandler(log, behaviour),
      batchAppend: (call) => new BatchAppending(log, behaviour, batchTimeoutMillis, call).handle(),
      delete: deleteHandler(log, 'Delete'),
      tombstone: deleteHandler(log, 'Tombstone'),
      features: featuresHandler(behaviour),
      gossip: gossipHandler(() => gateway.port),
      read: async (call) => {
        for await (const bytes of call.messages()) {
          const options = streams.ReadReq.deserializeBinary(bytes).getOptions();
          if (!options) throw handlerThrew();
          if (!options.hasUuidOption()) throw new CallFailed(3, noUuidOption);
          return options.hasSubscription() ? subscribe(log, behaviour, call, options) : read(log, behaviour, call, options);
        }
      },
    };
    server.on('session', (session) => session.on('error', () => undefined));
    server.on('stream', (stream, headers) => void this.serve(stream, headers, behaviour.compresses));
  }

  static async start(options: KurrentDoubleOptions = {}): Promise<KurrentDouble> {
    const server = createServer({ settings: { maxConcurrentStreams: maxConcurrentCalls } });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const gateway = new Gateway(typeof address === 'object' && address ? address.port : 0);
    await gateway.open();
    return new KurrentDouble(server, gateway, options);
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.gateway.port}?tls=false`;
  }

  /** Calls that are under way, subscriptions among them. */
  get openCalls(): number {
    return this.open.size;
  }

  get connections(): number {
    return this.gateway.connections;
  }

  /** What befalls the next call of a method; several queue up. */
  next(method: MethodName, ...faults: readonly Fault[]): void {
    this.faults.set(method, [...(this.faults.get(method) ?? []), ...faults]);
  }

  /** As SIGKILL: connections break, the port is closed. What is stored stays. */
  async kill(): Promise<void> {
    await this.gateway.close();
  }

  /** After `kill`, on the same port. */
  async restart(): Promise<void> {
    await this.gateway.open();
  }

  /** Breaks every connection; new ones work. */
  dropConnections(): void {
    this.gateway.drop();
  }

  /** As SIGSTOP: the kernel accepts, and nothing is ever answered. */
  freeze(): void {
    this.gateway.freeze();
  }

  thaw(): void {
    this.gateway.thaw();
  }

  /** Connections that stand go silent for good; new ones work. */
  forgetConnections(): void {
    this.gateway.forgetConnections();
  }

  async close(): Promise<void> {
    await this.kill();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, compresses: boolean): Promise<void> {
    const [method] = Object.entries(paths).find(([, path]) => path === headers[':path']) ?? [];
    const accepted = String(headers['grpc-accept-encoding'] ?? '');
    const call = new GrpcCall(stream, compresses && accepted.split(',').includes('gzip'), {
      sent: () => (this.sent += 1),
      drop: (port) => this.gateway.drop(port),
    });
    this.acceptedEncodings.add(accepted);
    if (!isMethod(method)) return call.end(12, 'Service is unimplemented.');
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    this.open.add(call);
    call.onOver(() => this.open.delete(call));
    try {
      await this.handle(method, call, this.faults.get(method)?.shift());
      call.end(0);
    } catch (error) {
      const failure = error instanceof CallFailed ? error : handlerThrew();
      call.end(failure.status, failure.details, failure.trailers);
    }
  }

  private async handle(method: MethodName, call: GrpcCall, fault: Fault | undefined): Promise<void> {
    switch (fault?.kind) {
      case 'fail':
        throw fault.with;
      case 'hang':
        return new Promise<void>((resolve) => call.onOver(resolve));
      case 'drop':
        return call.dropConnection();
      case 'lose answer':
        call.loseAnswers();
        break;
      case 'delay':
        await pause(fault.millis);
        break;
      case undefined:
        break;
    }
    await this.handlers[method](call);
  }
}

const noUuidOption = "'uuidOption' is a required argument of type EventStore.Client.Streams.ReadReq+Types+Options+Types+UUIDOption";

const isMethod = (name: string | undefined): name is MethodName => name !== undefined && name in paths;
