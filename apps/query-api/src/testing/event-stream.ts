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
  /** What is no event: comments and `retry`. */
  readonly blocks: string[] = [];
  readonly events: StreamEvent[] = [];
  /** How the answer ended, if it has. */
  outcome: 'ended' | 'cut' | null = null;
  /** The resource as the client has it. */
  script: ScheduledScriptJson | undefined;
  /** The executions as the client has them, by id. */
  readonly executions = new Map<string, SiteExecutionJson>();
  private rest: string[] = [];

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
    this.rest.push(text);
    if (!text.includes('\n')) return;
    const blocks = this.rest.join('').split('\n\n');
    this.rest = [blocks.pop() ?? ''];
    this.blocks.push(...blocks.filter((block) => !block.includes('\ndata: ')));
    for (const block of blocks) this.note(block);
  }

  private note(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
    const [event = '', id = '', text] = [fields.get('event'), fields.get('id'), fields.get('data')];
    if (text === undefined) return;
    const data = JSON.parse(text) as object;
    this.events.push({ event, id, data });
    if (event === 'script') this.script = data as ScheduledScriptJson;
    else this.executions.set((data as SiteExecutionJson).id, data as SiteExecutionJson);
  }
}
