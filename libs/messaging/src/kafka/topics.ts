import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Admin, type PartitionMetadata } from 'kafkajs';
import { TopicMismatch, type TopicSpecification } from '../messaging.js';
import type { KafkaAdmin } from './kafka.admin.js';
import { typeOf } from './trouble.js';

/** Histories: kept whole and for ever, and a rebuild reads them from the start. */
const configuration = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'max.message.bytes': String(2 * 1024 * 1024),
};

const isAsWanted = (name: string, there: string, wanted: string): boolean =>
  name === 'max.message.bytes' ? Number(there) >= Number(wanted) : there === wanted;

const find = async (admin: Admin, topic: string): Promise<readonly PartitionMetadata[] | null> => {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics.find(({ name }) => name === topic)?.partitions ?? null;
  } catch (error) {
    if (typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return null;
    throw error;
  }
};

export interface TopicsSettings {
  /** Of topics that are created, and the least of those that are there; the cluster's default unless told. */
  readonly replicationFactor?: number | undefined;
  readonly onError: (error: unknown) => void;
}

/** The topics as they are in the cluster. What was found once is kept: partitions never change. */
export class Topics {
  private readonly known = new Map<string, number>();

  constructor(
    private readonly admin: KafkaAdmin,
    private readonly settings: TopicsSettings,
  ) {}

  async ensure(topics: readonly TopicSpecification[]): Promise<void> {
    for (const topic of topics) {
      const found = await this.admin.ask((admin) => find(admin, topic.name));
      const there = found ?? (await this.create(topic));
      this.checkPartitions(topic, there);
      if (found) await this.checkConfiguration(topic.name);
      this.known.set(topic.name, there.length);
    }
  }

  async partitions(topic: string): Promise<number> {
    const known = this.known.get(topic);
    if (known !== undefined) return known;
    const there = await this.admin.ask((admin) => find(admin, topic));
    if (!there) throw new TopicMismatch(`topic ${topic} does not exist: create it with ensureTopics`);
    this.known.set(topic, there.length);
    return there.length;
  }

  /** To be looked at again: it may be another one by now. */
  forget(topics: Iterable<string>): void {
    for (const topic of topics) this.known.delete(topic);
  }

  private create({ name, partitions }: TopicSpecification): Promise<readonly PartitionMetadata[]> {
    return this.admin.ask(async (admin) => {
      const configEntries = Object.entries(configuration).map(([key, value]) => ({ name: key, value }));
      const replicationFactor = this.settings.replicationFactor ?? -1;
      const topics = [{ topic: name, numPartitions: partitions, replicationFactor, configEntries }];
      // Answers false when another replica was quicker. Its own wait ends with an error when the broker has not heard of the topic yet.
      await admin.createTopics({ topics, waitForLeaders: false });
      for (;;) {
        const there = await find(admin, name);
        if (there && there.length > 0) return there;
        await pause(50);
      }
    });
  }

  private checkPartitions({ name, partitions }: TopicSpecification, there: readonly PartitionMetadata[]): void {
    if (there.length !== partitions) {
      throw new TopicMismatch(
        `topic ${name} has ${there.length} partitions and should have ${partitions}: a key's partition must never move, ` +
          'so put the number back, or publish to a topic of a new name',
      );
    }
    const wanted = this.settings.replicationFactor ?? 1;
    const least = Math.min(...there.map(({ replicas }) => replicas.length));
    if (least < wanted) {
      throw new TopicMismatch(
        `topic ${name} has ${least} replicas and should have ${wanted}: reassign its partitions (kafka-reassign-partitions.sh)`,
      );
    }
  }

  private async checkConfiguration(name: string): Promise<void> {
    const there = await this.describe(name);
    const wrong = Object.entries(configuration).filter(([key, wanted]) => !isAsWanted(key, there.get(key) ?? wanted, wanted));
    if (wrong.length === 0) return;
    const differences = wrong.map(([key, wanted]) => `${key} is ${there.get(key)} and should be ${wanted}`).join(', ');
    const cure = wrong.map(([key, wanted]) => `${key}=${wanted}`).join();
    throw new TopicMismatch(
      `topic ${name} would not keep its history: ${differences}; run kafka-configs.sh --alter --topic ${name} --add-config ${cure}`,
    );
  }

  /** Nothing where we may not look: a cluster may keep the settings of topics from those who only read and write them. */
  private describe(name: string): Promise<ReadonlyMap<string, string>> {
    const type = kafkajs.ConfigResourceTypes.TOPIC;
    return this.admin.ask(async (admin) => {
      try {
        const configNames = Object.keys(configuration);
        const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type, name, configNames }] });
        return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
      } catch (error) {
        if (!typeOf(error)?.endsWith('_AUTHORIZATION_FAILED')) throw error;
        this.settings.onError(error);
        return new Map<string, string>();
      }
    });
  }
}
