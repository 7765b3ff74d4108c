import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from '@scheduled-scripts/platform';
import { acquireLease, type Database, type Lease } from '@scheduled-scripts/postgres';
import { Checkpoint, LeadLost } from '../checkpoint/checkpoint.js';
import { relay, type RelayConnections } from './relay.js';
import type { RelayStatus } from './relay-status.js';

const name = 'event-relay';
const firstPauseMillis = 100;
const longestPauseMillis = 5_000;

export interface EventRelayOptions extends RelayConnections {
  readonly database: Database;
  readonly status: RelayStatus;
  /** Unique for each process. */
  readonly owner: string;
  readonly leaseMillis: number;
}

/** One relay is active, the others wait for its lease. Whatever goes wrong, it tries again: a human sees it in readiness, log and metrics. */
export class EventRelayWorker implements Worker {
  readonly name = name;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly options: EventRelayOptions) {}

  async start(): Promise<void> {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { database, status, owner, leaseMillis } = this.options;
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const lease = await acquireLease(database, { name, owner, ttlMillis: leaseMillis }, signal);
        if (!lease) return;
        failures = 0;
        try {
          await this.lead(lease);
        } finally {
          await lease.release();
        }
      } catch (error) {
        status.failed(error);
        await this.pause(failures, signal);
      }
    }
  }

  private async lead(lease: Lease): Promise<void> {
    const { database, status } = this.options;
    const signals = { stop: this.stopping.signal, lost: lease.signal };
    const ended = AbortSignal.any([signals.stop, signals.lost]);
    const checkpoint = new Checkpoint(database, name, lease.token);
    status.leads(lease.token);
    for (let failures = 0; !ended.aborted; failures++) {
      const startedAt = performance.now();
      try {
        await relay(this.options, checkpoint, status, signals);
      } catch (error) {
        if (error instanceof LeadLost) break;
        status.failed(error);
        if (performance.now() - startedAt > longestPauseMillis) failures = 0;
        await this.pause(failures, ended);
      }
    }
    status.standsBy();
  }

  private async pause(failures: number, hurry: AbortSignal): Promise<void> {
    const millis = Math.min(firstPauseMillis * 2 ** failures, longestPauseMillis) * (0.5 + Math.random() / 2);
    await pause(millis, undefined, { signal: hurry }).catch(() => undefined);
  }
}
