import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { MessagingUnavailable } from '../messaging.js';
import { type ConnectionSettings, KafkaClient } from './kafka.client.js';
import { briefly, mayPass, told, within } from './trouble.js';

const farewellMillis = 1_000;
const repeatMillis = 50;

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
    const answer = connected.then(() => this.repeat(client, () => question(admin)));
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
    await briefly(farewellMillis, open.admin.disconnect());
    open.client.abandon();
  }

  /** kafkajs does not repeat what is refused while a partition, a group or the cluster changes its leader. */
  private async repeat<T>(client: KafkaClient, question: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await question();
      } catch (error) {
        if (!mayPass(error) || client.isOver) throw error;
        await pause(repeatMillis);
      }
    }
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
