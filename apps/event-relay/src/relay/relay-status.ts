import { checkPromise, topics, type EventMessage } from '@scheduled-scripts/contracts';
import { millisOf, type Timestamp } from '@scheduled-scripts/domain';
import type { RecordedEvent } from '@scheduled-scripts/event-store';
import type { Logger, Metrics } from '@scheduled-scripts/platform';

const sources = { store_unavailable: 'event_store', messaging_unavailable: 'messaging', database_unavailable: 'database' } as const;
type Source = (typeof sources)[keyof typeof sources] | 'other';

const sourceOf = (error: unknown): Source => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return Object.entries(sources).find(([known]) => known === code)?.[1] ?? 'other';
};

/** What the relay knows of itself, as log lines, metrics and readiness. */
export class RelayStatus {
  private active = false;
  private failingSince: number | null = null;
  private failure: unknown = null;
  /** When the oldest event that has been read and not published was decided. */
  private oldestAt: number | null = null;
  private readonly oddTypes = new Set<string>();
  private readonly relayedEvents;
  private readonly oddEvents;
  private readonly failures;

  constructor(
    metrics: Metrics,
    private readonly logger: Logger,
    private readonly now: () => number,
  ) {
    this.relayedEvents = metrics.counter({
      name: 'scheduled_scripts_relay_events_total',
      help: 'Events put on their topic',
      labels: { topic: Object.values(topics) },
    });
    this.oddEvents = metrics.counter({
      name: 'scheduled_scripts_relay_odd_events_total',
      help: 'Events relayed although their data is not what their version promises, or their type is not known here',
      labels: { problem: ['broken', 'unknown_type'] },
    });
    this.failures = metrics.counter({
      name: 'scheduled_scripts_relay_failures_total',
      help: 'Times that the relay had to start again from its checkpoint, by what failed',
      labels: { source: [...Object.values(sources), 'other'] },
    });
    metrics.gauge({
      name: 'scheduled_scripts_relay_active',
      help: '1 for the relay that publishes, 0 for a standby',
      collect: (gauge) => gauge.set(this.active ? 1 : 0),
    });
    metrics.gauge({
      name: 'scheduled_scripts_relay_lag_seconds',
      help: 'Age of the oldest event not yet on its topic; while the store does not answer, at least for how long it has not',
      collect: (gauge) => gauge.set(this.lagSeconds()),
    });
  }

  leads(token: bigint): void {
    this.active = true;
    this.logger.info({ token: String(token) }, 'this relay is active now');
  }

  standsBy(): void {
    this.logger.info('this relay stands by');
    this.active = false;
    this.oldestAt = null;
    this.recovered();
  }

  /** All three dependencies answer. That ends an outage, unless there is something that still has to prove that it can be published. */
  connected(): void {
    if (this.oldestAt === null && sourceOf(this.failure) !== 'other') this.recovered();
  }

  read(events: readonly RecordedEvent[]): void {
    for (const { id, type, data } of events) {
      const promise = checkPromise(type, data);
      if (promise === 'kept') continue;
      this.oddEvents.inc({ problem: promise });
      // The first of each kind: a producer that is wrong is wrong in every event.
      if (this.oddTypes.has(type)) continue;
      this.oddTypes.add(type);
      this.logger.warn({ eventId: id, type, problem: promise }, 'odd events are relayed as they are');
    }
    this.waiting(events);
  }

  relayed(messages: readonly EventMessage[], rest: readonly RecordedEvent[]): void {
    for (const { topic } of messages) this.relayedEvents.inc({ topic });
    this.waiting(rest);
  }

  moved(): void {
    this.recovered();
  }

  failed(error: unknown): void {
    this.failures.inc({ source: sourceOf(error) });
    if (this.failure === null) this.logger.warn({ err: error }, 'the relay cannot go on; it tries again from its checkpoint');
    this.failingSince ??= this.now();
    this.failure = error;
  }

  /** For readiness. A standby is ready. */
  async check(): Promise<void> {
    if (this.failure !== null) throw this.failure;
  }

  lagSeconds(): number {
    const since = this.oldestAt ?? this.failingSince;
    return since === null ? 0 : Math.max(0, this.now() - since) / 1_000;
  }

  private waiting([oldest]: readonly RecordedEvent[]): void {
    this.oldestAt = oldest ? millisOf(oldest.metadata.at as Timestamp) : null;
  }

  private recovered(): void {
    if (this.failure !== null) this.logger.info('the relay goes on');
    this.failure = null;
    this.failingSince = null;
  }
}
