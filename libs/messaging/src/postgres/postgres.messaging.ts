import { type Database, openDatabase } from '@scheduled-scripts/postgres';
import type { BatchHandler, Consumer, Messaging, Publisher, SubscribeOptions, Subscription, TopicSpecification } from '../messaging.js';
import { Member, type MemberSettings } from './member.js';
import { messagingMigrations } from './messaging.migrations.js';
import { PostgresPublisher } from './postgres.publisher.js';
import { Topics } from './topics.js';
import { orUnavailable } from './unavailable.js';

export interface PostgresMessagingOptions extends Partial<MemberSettings> {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly clientId: string;
}

const defaults: MemberSettings = { leaseMillis: 10_000, pollMillis: 1_000, concurrency: 4, onError: () => undefined };

class PostgresConsumer implements Consumer {
  private readonly members = new Set<Member>();

  constructor(
    private readonly database: Database,
    private readonly topics: Topics,
    private readonly settings: MemberSettings,
  ) {}

  async subscribe(options: SubscribeOptions, handle: BatchHandler): Promise<Subscription> {
    const member = new Member(this.database, this.topics, options, handle, this.settings);
    await orUnavailable(() => member.join());
    this.members.add(member);
    return member;
  }

  async close(): Promise<void> {
    await Promise.all([...this.members].map((member) => member.stop()));
  }
}

/** Topics as tables of a schema of their own; partitions are leased rows, with a generation that refuses a late commit. */
class PostgresMessaging implements Messaging {
  private readonly topics: Topics;
  private readonly consumers: PostgresConsumer[] = [];

  constructor(
    private readonly database: Database,
    private readonly settings: MemberSettings,
  ) {
    this.topics = new Topics(database);
  }

  async ensureTopics(topics: readonly TopicSpecification[]): Promise<void> {
    await orUnavailable(() => this.topics.ensure(topics));
  }

  publisher(): Publisher {
    return new PostgresPublisher(this.database, this.topics);
  }

  consumer(): Consumer {
    const consumer = new PostgresConsumer(this.database, this.topics, this.settings);
    this.consumers.push(consumer);
    return consumer;
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    await this.database.close();
  }
}

export const openPostgresMessaging = async ({ url, clientId, ...settings }: PostgresMessagingOptions): Promise<Messaging> =>
  orUnavailable(async () => {
    const database = await openDatabase({ url, schema: 'messaging', applicationName: clientId, statementTimeoutMillis: 15_000 });
    await database.migrate(messagingMigrations).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
    return new PostgresMessaging(database, { ...defaults, ...settings });
  });
