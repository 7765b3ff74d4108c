import type { Admin } from 'kafkajs';
import { MessagingUnavailable } from '../messaging.js';
import { type ConnectionSettings, KafkaClient } from './kafka.client.js';
import { told, within } from './trouble.js';

interface Open {
  readonly client: KafkaClient;
  readonly admin: Admin;
  readonly connected: Promise<void>;
}

/** Questions to the cluster, each with a deadline. What misses it is ended, so that nothing piles up in an outage. */
export class KafkaAdmin {
  private open: Open | null = null;

  constructor(
    private readonly settings: ConnectionSettings,
    private readonly deadlineMillis: number,
  ) {}

  async ask<T>(question: (admin: Admin) => Promise<T>, deadlineMillis = this.deadlineMillis): Promise<T> {
    const asked = this.connection();
    const { client, admin, connected } = asked;
    const answer = connected.then(() => question(admin));
    answer.catch(() => undefined);
    try {
      return await within(deadlineMillis, answer, () => {
        const why = client.lastTrouble === undefined ? '' : `: ${client.lastTrouble}`;
        return new MessagingUnavailable(`Kafka does not answer${why}`);
      });
    } catch (error) {
      const final = told(error, client.lastTrouble);
      if (final instanceof MessagingUnavailable) this.giveUp(asked);
      throw final;
    }
  }

  async ping(): Promise<void> {
    await this.ask((admin) => admin.describeCluster());
  }

  async close(): Promise<void> {
    const { open } = this;
    if (!open) return;
    this.open = null;
    await within(1_000, open.admin.disconnect(), () => undefined).catch(() => undefined);
    open.client.abandon();
  }

  private connection(): Open {
    if (this.open) return this.open;
    const client = new KafkaClient(this.settings);
    const admin = client.kafka.admin();
    const connected = admin.connect();
    connected.catch(() => undefined);
    this.open = { client, admin, connected };
    return this.open;
  }

  private giveUp(open: Open): void {
    if (this.open === open) this.open = null;
    open.client.abandon();
  }
}
