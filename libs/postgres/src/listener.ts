import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { connectionConfig, plainIdentifier } from './connection.js';
import type { DatabaseOptions } from './database.js';

const firstPauseMillis = 100;
const longestPauseMillis = 5_000;
const farewellMillis = 1_000;

/** One connection outside the pool for all channels, made with the first of them. */
export class Listener {
  private readonly wakes = new Map<string, Set<() => void>>();
  private client: Client | null = null;
  private connecting: Promise<void> | null = null;
  private pauseMillis = firstPauseMillis;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: DatabaseOptions) {}

  async listen(channel: string, wake: () => void): Promise<{ stop(): Promise<void> }> {
    const known = this.wakes.get(plainIdentifier(channel));
    const wakes = known ?? new Set();
    // A function of its own for every caller: two callers may pass the same one.
    const own = (): void => wake();
    wakes.add(own);
    this.wakes.set(channel, wakes);
    if (!this.client) await this.connect();
    else if (!known) await this.tell(this.client, `LISTEN ${channel}`);
    return {
      stop: async () => {
        wakes.delete(own);
        if (wakes.size > 0 || this.wakes.get(channel) !== wakes) return;
        this.wakes.delete(channel);
        if (this.client) await this.tell(this.client, `UNLISTEN ${channel}`);
      },
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.connecting;
    const { client } = this;
    this.client = null;
    // A silent server does not say that the session has ended.
    await Promise.race([client?.end().catch(() => undefined), pause(farewellMillis, undefined, { ref: false })]);
  }

  /** Resolves after one attempt, whatever came of it: what failed is tried again in the background. */
  private connect(): Promise<void> {
    this.connecting ??= this.attempt().finally(() => {
      this.connecting = null;
    });
    return this.connecting;
  }

  private async attempt(): Promise<void> {
    const client = new Client(connectionConfig(this.options, 'listen'));
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ channel }) => this.wake(channel));
    try {
      await client.connect();
      this.client = client;
      for (const channel of this.wakes.keys()) await client.query(`LISTEN ${channel}`);
      this.pauseMillis = firstPauseMillis;
      for (const channel of this.wakes.keys()) this.wake(channel);
    } catch {
      this.lost(client);
    }
  }

  private async tell(client: Client, statement: string): Promise<void> {
    await client.query(statement).catch(() => this.lost(client));
  }

  private wake(channel: string): void {
    for (const wake of this.wakes.get(channel) ?? []) wake();
  }

  private lost(client: Client): void {
    if (this.client === client) this.client = null;
    client.end().catch(() => undefined);
    if (this.closed || this.client) return;
    clearTimeout(this.retry);
    // What was lost may say so once more while its successor is being connected.
    const again = (): void => void (this.client ?? this.connect());
    this.retry = setTimeout(again, this.pauseMillis * (0.5 + Math.random() / 2));
    this.pauseMillis = Math.min(this.pauseMillis * 2, longestPauseMillis);
  }
}
