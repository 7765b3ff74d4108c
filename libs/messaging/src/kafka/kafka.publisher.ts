import kafkajs, { type Producer, type RecordMetadata } from 'kafkajs';
import { MessagingUnavailable, type OutgoingMessage, type Publisher } from '../messaging.js';
import { partitionOf } from '../partitioner.js';
import type { KafkaAdmin } from './kafka.admin.js';
import { type ConnectionSettings, KafkaClient } from './kafka.client.js';
import { type Addressed, placeOf, type Send, type SendLimits, sendsOf } from './sends.js';
import type { Topics } from './topics.js';
import { briefly, told, within } from './trouble.js';
import { toKafka } from './wire.js';

export interface PublisherSettings {
  readonly connection: ConnectionSettings;
  /** The longest that one request may take, with all its repetitions. */
  readonly sendDeadlineMillis: number;
  readonly limits: SendLimits;
}

interface OpenProducer {
  readonly client: KafkaClient;
  readonly producer: Producer;
  readonly connected: Promise<void>;
}

const farewellMillis = 1_000;

/**
 * One request at a time: kafkajs keeps no order between two. A producer that has failed is never used again: kafkajs takes its sequence
 * numbers back though the broker may have them, and would give them to the next messages, which the broker would take for a repeat and
 * drop while it confirms them.
 */
export class KafkaPublisher implements Publisher {
  private line: Promise<unknown> = Promise.resolve();
  private open: OpenProducer | null = null;
  private isClosed = false;

  constructor(
    private readonly admin: KafkaAdmin,
    private readonly topics: Topics,
    private readonly settings: PublisherSettings,
  ) {}

  publish(messages: readonly OutgoingMessage[]): Promise<void> {
    const turn = this.line.then(() => this.sendAll(messages));
    this.line = turn.catch(() => undefined);
    return turn;
  }

  ping(): Promise<void> {
    return this.admin.ping();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.line;
    const { open } = this;
    if (!open) return;
    this.open = null;
    await briefly(farewellMillis, open.producer.disconnect());
    open.client.abandon();
  }

  private async sendAll(messages: readonly OutgoingMessage[]): Promise<void> {
    for (const send of sendsOf(await this.addressed(messages), this.settings.limits)) {
      if (this.isClosed) throw new MessagingUnavailable('the publisher is closed');
      await this.send(send);
    }
  }

  private async addressed(messages: readonly OutgoingMessage[]): Promise<readonly Addressed[]> {
    const partitions = new Map<string, number>();
    const addressed: Addressed[] = [];
    for (const message of messages) {
      const { topic, key } = message;
      let count = partitions.get(topic);
      if (count === undefined) {
        count = await this.topics.partitions(topic);
        partitions.set(topic, count);
      }
      addressed.push({ topic, message: toKafka(message, partitionOf(key, count)) });
    }
    return addressed;
  }

  private async send(send: Send): Promise<void> {
    const open = this.producer();
    const topics = new Set(send.map(({ topic }) => topic));
    const topicMessages = [...topics].map((topic) => ({
      topic,
      messages: send.filter((addressed) => addressed.topic === topic).map(({ message }) => message),
    }));
    const sent = open.connected.then(() => open.producer.sendBatch({ acks: -1, topicMessages }));
    sent.catch(() => undefined);
    try {
      const confirmed = await within(this.settings.sendDeadlineMillis, sent, () => this.late(open.client));
      this.checkConfirmed(send, confirmed);
    } catch (error) {
      this.topics.forget(topics);
      await this.discard(open, sent);
      throw told(error, open.client.lastTrouble);
    }
  }

  /**
   * kafkajs also resolves when it has left messages out: those for a partition that the topic does not have, and those whose partition has
   * moved, between two of its tries, to a broker that has already answered.
   */
  private checkConfirmed(send: Send, confirmed: readonly RecordMetadata[]): void {
    const places = new Set(confirmed.map(({ topicName, partition }) => `${topicName}/${partition}`));
    const missing = send.find((addressed) => !places.has(placeOf(addressed)));
    if (missing) throw new MessagingUnavailable(`nothing was stored in ${placeOf(missing)}: its partitions have changed`);
  }

  private late(client: KafkaClient): MessagingUnavailable {
    const why = client.lastTrouble === undefined ? '' : ` (${client.lastTrouble})`;
    return new MessagingUnavailable(`Kafka did not confirm in ${this.settings.sendDeadlineMillis} ms${why}`);
  }

  /** Ends it, and waits until it has given up: nothing of this send may still come when the next one has begun. */
  private async discard(open: OpenProducer, sent: Promise<unknown>): Promise<void> {
    if (this.open === open) this.open = null;
    open.client.abandon();
    await briefly(farewellMillis, sent);
  }

  private producer(): OpenProducer {
    if (this.open) return this.open;
    const client = new KafkaClient(this.settings.connection);
    const producer = client.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
      // Asked before each repetition, so that it ends when the client was given up.
      createPartitioner:
        () =>
        ({ message, topic }) => {
          if (client.isOver) throw new kafkajs.KafkaJSNonRetriableError('the send was given up');
          if (message.partition === undefined) throw new kafkajs.KafkaJSNonRetriableError(`a message for ${topic} has no partition`);
          return message.partition;
        },
    });
    const connected = producer.connect();
    connected.catch(() => undefined);
    this.open = { client, producer, connected };
    return this.open;
  }
}
