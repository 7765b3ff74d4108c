import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { ScheduledScriptJson, SiteExecutionJson } from '@scheduled-scripts/contracts';
import { until } from '@scheduled-scripts/postgres/testing';

export interface StreamEvent {
  readonly event: string;
  readonly id: string;
  readonly data: object;
}

export interface FollowOptions {
  readonly token: string;
  readonly lastEventId?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client that follows a script, and can be slow about it. */
export class EventStream {
  /** Comments and `retry` too, as they came. */
  readonly blocks: string[] = [];
  readonly events: StreamEvent[] = [];
  /** How the answer ended, if it has. */
  outcome: 'ended' | 'cut' | null = null;
  private rest = '';

  private constructor(private readonly answer: IncomingMessage) {
    answer.setEncoding('utf8');
    answer.on('data', (text: string) => this.take(text));
    answer.on('end', () => (this.outcome ??= 'ended'));
    answer.on('error', () => (this.outcome ??= 'cut'));
    answer.on('close', () => (this.outcome ??= 'cut'));
  }

  static async open(url: string, { token, lastEventId, headers = {} }: FollowOptions): Promise<EventStream> {
    const resumes = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const asked = request(url, { agent: false, headers: { Authorization: `Bearer ${token}`, ...resumes, ...headers } }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return new EventStream(answer);
  }

  get status(): number {
    return this.answer.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.answer.headers;
  }

  get lastId(): string | undefined {
    return this.events.at(-1)?.id;
  }

  /** The resource as the client has it. */
  get script(): ScheduledScriptJson | undefined {
    return this.events.findLast(({ event }) => event === 'script')?.data as ScheduledScriptJson | undefined;
  }

  /** The executions as the client has them, by id. */
  get executions(): ReadonlyMap<string, SiteExecutionJson> {
    const told = this.events.filter(({ event }) => event === 'execution').map(({ data }) => data as SiteExecutionJson);
    return new Map(told.map((row) => [row.id, row]));
  }

  until(holds: (stream: this) => boolean, withinMillis?: number): Promise<void> {
    return until(() => holds(this), withinMillis);
  }

  /** Reads no more, with the connection open. */
  pause(): void {
    this.answer.pause();
  }

  resume(): void {
    this.answer.resume();
  }

  close(): void {
    this.answer.destroy();
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    this.blocks.push(...blocks);
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      const data = fields.get('data');
      if (data === undefined) continue;
      this.events.push({ event: fields.get('event') ?? '', id: fields.get('id') ?? '', data: JSON.parse(data) as object });
    }
  }
}
