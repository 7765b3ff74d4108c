import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import kafkajs, { type ISocketFactoryArgs, type Kafka, type KafkaConfig, type LogEntry, type RetryOptions } from 'kafkajs';
import { mendKafkajs } from './mend-kafkajs.js';

export interface ConnectionSettings extends Pick<KafkaConfig, 'ssl' | 'sasl'> {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** From the address that a broker tells to the one where it is reached. */
  readonly reach?: ((host: string, port: number) => { readonly host: string; readonly port: number }) | undefined;
}

/** kafkajs gives up after five tries, in the middle of a broker's restart. Each caller has a deadline of its own instead. */
export const patientRetry: RetryOptions = { initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 1.5, factor: 0.2, retries: 1_000_000 };

const keepAliveMillis = 60_000;

/**
 * A kafkajs whose work can be ended for good. Left to itself it goes on trying after a `disconnect`: a send arrives long after its caller
 * has given up, a consumer that was stopped in an outage joins its group once the broker is back.
 */
export class KafkaClient {
  readonly kafka: Kafka;
  private readonly sockets = new Set<Socket>();
  private isAbandoned = false;
  private trouble: string | undefined;

  constructor(private readonly settings: ConnectionSettings) {
    mendKafkajs();
    const { brokers, clientId, ssl, sasl } = settings;
    this.kafka = new kafkajs.Kafka({
      // Asked before each reconnection; kafkajs stops trying when there is no broker left to try.
      brokers: () => (this.isAbandoned ? [] : [...brokers]),
      clientId,
      ...(ssl && { ssl }),
      ...(sasl && { sasl }),
      connectionTimeout: 5_000,
      requestTimeout: 15_000,
      retry: patientRetry,
      socketFactory: (args) => this.open(args),
      logLevel: kafkajs.logLevel.ERROR,
      logCreator: () => (entry) => this.note(entry),
    });
  }

  /** What went wrong last, in kafkajs' words. */
  get lastTrouble(): string | undefined {
    return this.trouble;
  }

  get isOver(): boolean {
    return this.isAbandoned;
  }

  /** Breaks what is under way and lets nothing begin. */
  abandon(): void {
    this.isAbandoned = true;
    for (const socket of this.sockets) socket.destroy(new Error('the connection was given up'));
  }

  private note({ log }: LogEntry): void {
    this.trouble = log.message;
  }

  private open({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
    if (this.isAbandoned) throw new Error('the client was given up');
    const name = isIP(host) === 0 ? { servername: host } : {};
    const address = this.settings.reach?.(host, port) ?? { host, port };
    const socket = ssl ? connectTls({ ...address, ...name, ...ssl }, onConnect) : connectTcp(address, onConnect);
    socket.setKeepAlive(true, keepAliveMillis);
    // kafkajs leaves Nagle's algorithm on, which holds small requests back.
    socket.setNoDelay(true);
    this.sockets.add(socket);
    socket.once('close', () => {
      this.sockets.delete(socket);
      // kafkajs goes on to unref it at each of its tries, and each leaves a listener behind.
      socket.unref = () => socket;
    });
    return socket;
  }
}
