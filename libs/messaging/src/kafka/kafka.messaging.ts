import { readFile } from 'node:fs/promises';
import type { SASLOptions } from 'kafkajs';
import type { BatchHandler, Consumer, Messaging, Publisher, SubscribeOptions, Subscription, TopicSpecification } from '../messaging.js';
import { KafkaAdmin } from './kafka.admin.js';
import type { ConnectionSettings } from './kafka.client.js';
import { KafkaPublisher } from './kafka.publisher.js';
import { type KafkaAddress, parseKafkaUrl } from './kafka-url.js';
import { Member, type MemberSettings } from './member.js';
import { Offsets } from './offsets.js';
import { Topics } from './topics.js';

export interface KafkaMessagingOptions {
  /** `kafka://user:password@host:port,host:port?sasl=scram-sha-512&replication=3`; `kafkas:` with TLS, `ca`, `cert` and `key` name files. */
  readonly url: string;
  /** Shown in the brokers' logs and metrics. */
  readonly clientId: string;
  /** PEM of who vouches for the brokers, in place of the file that the URL names. */
  readonly ca?: string;
  /** How long a silent member of a group keeps its partitions; 10 s unless told. */
  readonly leaseMillis?: number;
  /** Partitions of a subscription handled side by side; 4 unless told. */
  readonly concurrency?: number;
  /** The longest that one request of a publish may take, with all its repetitions; 15 s unless told. */
  readonly sendDeadlineMillis?: number;
  /** The longest that a question to the cluster may take; 5 s unless told. */
  readonly askDeadlineMillis?: number;
  /** How long opening waits for a cluster that is not there yet; 30 s unless told. */
  readonly patienceMillis?: number;
  /** Where a broker is reached whose own address does not lead to it: behind a tunnel, or a link that a test cuts. */
  readonly reach?: ConnectionSettings['reach'];
  /** Troubles that it gets over by itself, for a log. */
  readonly onError?: (error: unknown) => void;
}

const limits = { messages: 500, bytesPerPartition: 900_000 };

const connectionOf = async (address: KafkaAddress, { clientId, ca, reach }: KafkaMessagingOptions): Promise<ConnectionSettings> => {
  const { brokers, sasl, isEncrypted, files } = address;
  const read = async (name: 'ca' | 'cert' | 'key') => (files[name] === undefined ? {} : { [name]: await readFile(files[name], 'utf8') });
  const ssl = isEncrypted && { ...(await read('ca')), ...(await read('cert')), ...(await read('key')), ...(ca !== undefined && { ca }) };
  return { brokers, clientId, ssl, ...(sasl && { sasl: sasl as SASLOptions }), ...(reach && { reach }) };
};

class KafkaConsumer implements Consumer {
  private readonly members = new Set<Member>();

  constructor(
    private readonly topics: Topics,
    private readonly offsets: Offsets,
    private readonly settings: MemberSettings,
  ) {}

  async subscribe(options: SubscribeOptions, handle: BatchHandler): Promise<Subscription> {
    for (const topic of options.topics) await this.topics.partitions(topic);
    const member = new Member(options, handle, this.offsets, this.settings);
    this.members.add(member);
    return member;
  }

  async close(): Promise<void> {
    await Promise.all([...this.members].map((member) => member.stop()));
  }
}

interface Settings extends MemberSettings {
  readonly sendDeadlineMillis: number;
}

class KafkaMessaging implements Messaging {
  private readonly offsets: Offsets;
  private readonly consumers: KafkaConsumer[] = [];
  private readonly publishers: KafkaPublisher[] = [];

  constructor(
    private readonly admin: KafkaAdmin,
    private readonly topics: Topics,
    private readonly settings: Settings,
  ) {
    this.offsets = new Offsets(admin, settings.onError);
  }

  ensureTopics(topics: readonly TopicSpecification[]): Promise<void> {
    return this.topics.ensure(topics);
  }

  publisher(): Publisher {
    const { connection, sendDeadlineMillis } = this.settings;
    const publisher = new KafkaPublisher(this.admin, this.topics, { connection, sendDeadlineMillis, limits });
    this.publishers.push(publisher);
    return publisher;
  }

  consumer(): Consumer {
    const consumer = new KafkaConsumer(this.topics, this.offsets, this.settings);
    this.consumers.push(consumer);
    return consumer;
  }

  async close(): Promise<void> {
    await Promise.all([...this.consumers, ...this.publishers].map((one) => one.close()));
    await this.admin.close();
  }
}

export const openKafkaMessaging = async (options: KafkaMessagingOptions): Promise<Messaging> => {
  const { leaseMillis = 10_000, concurrency = 4, onError = () => undefined } = options;
  const { sendDeadlineMillis = 15_000, askDeadlineMillis = 5_000, patienceMillis = 30_000 } = options;
  const address = parseKafkaUrl(options.url);
  const connection = await connectionOf(address, options);
  const admin = new KafkaAdmin(connection, askDeadlineMillis);
  try {
    await admin.ask((asked) => asked.describeCluster(), patienceMillis);
  } catch (error) {
    await admin.close();
    throw error;
  }
  const topics = new Topics(admin, { replicationFactor: address.replicationFactor, onError });
  return new KafkaMessaging(admin, topics, { connection, leaseMillis, concurrency, sendDeadlineMillis, onError });
};
