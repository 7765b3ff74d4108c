import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type KafkaListener = 'sasl' | 'tls' | 'saslTls';

/** A broker of one node; see `tools/kafka/index.d.mts`. */
export interface TestKafka {
  readonly ports: Readonly<{ controller: number; plain: number } & Record<KafkaListener, number | undefined>>;
  /** Of the plain listener. */
  readonly url: string;
  readonly ca: string | undefined;
  /** Of the running process. */
  readonly pid: number | undefined;
  /** The end of what it said. */
  log(): string;
  stop(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

interface KafkaTools {
  readonly startKafka: (options?: {
    readonly listeners?: readonly KafkaListener[];
    readonly users?: Readonly<Record<string, string>>;
    readonly properties?: Readonly<Record<string, string | number | boolean>>;
  }) => Promise<TestKafka>;
  readonly describeWithKafka: (name: string, suite: () => void) => void;
}

const tools = pathToFileURL(join(import.meta.dirname, '../../../../tools/kafka/index.mjs'));

export const { startKafka, describeWithKafka } = (await import(tools.href)) as KafkaTools;

/** The plain listener of the broker that the run has started, for suites that let it be. */
export const sharedKafkaPort = (): number => {
  const { TEST_KAFKA_BROKERS: brokers } = process.env;
  if (brokers === undefined) throw new Error('the run has started no broker: see tools/jest/kafka.setup.mjs');
  return Number(brokers.split(':').at(-1));
};
