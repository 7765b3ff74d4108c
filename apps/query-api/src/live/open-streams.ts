import type { Caller } from '@scheduled-scripts/auth';
import { problem } from '@scheduled-scripts/contracts';
import { ApiError, type Metrics } from '@scheduled-scripts/platform';
import { eventNames, type EventName } from './script-events.js';

export interface OpenStreamsOptions {
  readonly perCaller: number;
  readonly atOnce: number;
  /** Of the service: ends all streams. */
  readonly stopping: AbortSignal;
  readonly metrics: Metrics;
}

/**
 * `client`: it went; `token`: its token ended; `stopping`: the service ends; `slow`: it did not read; `done`: nothing is left to tell;
 * `failed`: by us.
 */
const streamEnds = ['client', 'token', 'stopping', 'slow', 'done', 'failed'] as const;

export type StreamEnd = (typeof streamEnds)[number];

export interface OpenStream {
  /** Aborted when nothing more is to be sent. */
  readonly signal: AbortSignal;
  /** The first reason counts. */
  end(reason: StreamEnd): void;
  count(event: EventName, events: number): void;
}

/** The longest that a timer of Node waits. */
const longestMillis = 2_147_483_647;

/** Bounds how many there are, of one caller and at all, and ends each in time. */
export class OpenStreams {
  private readonly open = new Set<(reason: StreamEnd) => void>();
  private readonly byCaller = new Map<string, number>();
  private readonly sent;
  private readonly ended;

  constructor(private readonly options: OpenStreamsOptions) {
    const { metrics, stopping } = options;
    metrics.gauge({
      name: 'scheduled_scripts_open_streams',
      help: 'Clients that follow a script',
      collect: (gauge) => gauge.set(this.open.size),
    });
    this.sent = metrics.counter({
      name: 'scheduled_scripts_stream_events_total',
      help: 'Events that were sent to clients that follow a script',
      labels: { event: eventNames },
    });
    this.ended = metrics.counter({
      name: 'scheduled_scripts_streams_ended_total',
      help: 'Streams that have ended, by why',
      labels: { reason: streamEnds },
    });
    stopping.addEventListener('abort', () => {
      for (const end of this.open) end('stopping');
    });
  }

  /** Throws the contract's 429 and 503. */
  begin({ organizationId, sub, expiresAt }: Caller): OpenStream {
    const { perCaller, atOnce, stopping } = this.options;
    const caller = JSON.stringify([organizationId, sub]);
    const theirs = this.byCaller.get(caller) ?? 0;
    if (theirs >= perCaller) {
      const message = `A caller may follow ${perCaller} scripts at a time.`;
      throw new ApiError(problem('too_many_requests', { message, headers: { 'Retry-After': '5' } }));
    }
    if (this.open.size >= atOnce || stopping.aborted) {
      throw new ApiError(problem('dependency_unavailable', { headers: { 'Retry-After': '5' } }));
    }
    const control = new AbortController();
    const end = (reason: StreamEnd): void => {
      if (!this.open.delete(end)) return;
      clearTimeout(timer);
      const left = (this.byCaller.get(caller) ?? 1) - 1;
      if (left > 0) this.byCaller.set(caller, left);
      else this.byCaller.delete(caller);
      this.ended.inc({ reason });
      control.abort(new Error(`the stream has ended: ${reason}`));
    };
    const timer = setTimeout(() => end('token'), Math.min(Math.max(expiresAt - Date.now(), 0), longestMillis));
    this.open.add(end);
    this.byCaller.set(caller, theirs + 1);
    return { signal: control.signal, end, count: (event, events) => this.sent.inc({ event }, events) };
  }
}
