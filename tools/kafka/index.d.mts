export type KafkaListener = 'sasl' | 'tls' | 'saslTls';

export interface KafkaOptions {
  /** Where its data are, and stay; a temporary folder unless told. */
  readonly directory?: string;
  /** Beside the plain one. SASL: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly listeners?: readonly KafkaListener[];
  /** Names and passwords of who may log in. */
  readonly users?: Readonly<Record<string, string>>;
  /** Broker properties that win over ours. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
}

export interface KafkaBroker {
  /** On 127.0.0.1; the same for the broker's whole life. */
  readonly ports: Readonly<{ controller: number; plain: number } & Record<KafkaListener, number | undefined>>;
  /** Of the plain listener, for `MESSAGING_URL`. */
  readonly url: string;
  readonly directory: string;
  /** PEM of the certificate of the TLS listeners, which vouches for itself. */
  readonly ca: string | undefined;
  /** Of the running process. */
  readonly pid: number | undefined;
  /** The end of what it said. */
  log(): string;
  /** Ends it in order. Its ports and its data stay, for `start`. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Resolves when it serves. */
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Holds it where it is: connections stay open, nothing is answered. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** Whether a broker can be started on this machine, and if not, why. */
export function kafkaAvailable(): { readonly available: true } | { readonly available: false; readonly reason: string };

/** Starts a broker; the first time, its jars are fetched. It ends with this process, however that ends. */
export function startKafka(options?: KafkaOptions): Promise<KafkaBroker>;

/** `describe` for suites that need a broker: where none can be started they are skipped aloud, in CI they fail. */
export function describeWithKafka(name: string, suite: () => void, state?: ReturnType<typeof kafkaAvailable>, isCi?: boolean): void;
