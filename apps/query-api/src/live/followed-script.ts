import { entityTagOf, scheduledScriptJson, siteExecutionJson } from '@scheduled-scripts/contracts';
import type { Turns } from '@scheduled-scripts/platform';
import type { ReadModel, ScriptKey, ScriptPosition } from '@scheduled-scripts/read-model';
import { eventId, type EventPlace } from './event-id.js';
import { Shared } from './shared.js';

export interface ResourceText {
  readonly entityTag: string;
  /** Its JSON. */
  readonly data: Buffer;
}

export interface ExecutionEvents {
  /** Of which the rows are; of no use to somebody whose place is in another. */
  readonly generation: string;
  /** Whole events, one a row, each with its id. */
  readonly text: Buffer;
  readonly count: number;
  /** The last row's. */
  readonly place: EventPlace;
  readonly more: boolean;
}

const isSame = (one: ScriptPosition | null, other: ScriptPosition | null): boolean =>
  one?.generation === other?.generation && one?.position === other?.position;

const shareMillis = 1_000;
const rowsAtOnce = 500;
/** A script that changes all the time is told of this often at most; a large resource at a megabyte a second, to all at 50 of them. */
const paceMillis = 200;
const bytesPerMilli = 1_000;
const bytesPerMilliToAll = 50_000;

/** What all who follow one script have in common: how far it is, and what is read of it. */
export class FollowedScript {
  followers = 0;
  private shown: ScriptPosition | null = null;
  private newest: ScriptPosition | null = null;
  private notBefore = 0;
  private resourceBytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly waiting = new Set<() => void>();
  private readonly resources = new Shared<ResourceText | null>(shareMillis);
  private readonly executions = new Shared<ExecutionEvents>(shareMillis);

  constructor(
    private readonly model: ReadModel,
    private readonly turns: Turns,
    readonly key: ScriptKey,
  ) {}

  /** Somebody has looked how far it is. The followers are told, the newest of it, when they may be. */
  offer(head: ScriptPosition): void {
    this.newest = head;
    if (this.followers === 0 || this.timer !== undefined || isSame(head, this.shown)) return;
    const wait = this.notBefore - performance.now();
    if (wait > 0) this.timer = setTimeout(() => this.show(), wait);
    else this.show();
  }

  close(): void {
    clearTimeout(this.timer);
  }

  /** Resolves when it is elsewhere than `seen`; rejects with the signal's reason. */
  async headAfter(seen: ScriptPosition, signal: AbortSignal): Promise<ScriptPosition> {
    for (;;) {
      signal.throwIfAborted();
      if (this.shown && !isSame(this.shown, seen)) return this.shown;
      await this.told(signal);
    }
  }

  /** With everything up to `head`, which has been read before. Null when there is no such script any more. */
  resource(head: ScriptPosition): Promise<ResourceText | null> {
    return this.resources.get(`${head.generation} ${head.position}`, () => this.turns.take(() => this.readResource()));
  }

  /** The rows after `place`, and all of them that there were at `head`. */
  executionsAfter(head: ScriptPosition, place: EventPlace): Promise<ExecutionEvents> {
    return this.executions.get(`${head.generation} ${head.position} ${eventId(place)}`, () =>
      this.turns.take(() => this.readExecutions(place)),
    );
  }

  private show(): void {
    this.timer = undefined;
    this.shown = this.newest;
    const bytesToAll = this.followers * this.resourceBytes;
    this.notBefore = performance.now() + paceMillis + Math.max(this.resourceBytes / bytesPerMilli, bytesToAll / bytesPerMilliToAll);
    for (const tell of this.waiting) tell();
  }

  private told(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const tell = (): void => {
        this.waiting.delete(tell);
        signal.removeEventListener('abort', tell);
        resolve();
      };
      this.waiting.add(tell);
      signal.addEventListener('abort', tell);
    });
  }

  private async readResource(): Promise<ResourceText | null> {
    const view = await this.model.find(this.key);
    if (view === null) return null;
    const resource = scheduledScriptJson(view, Date.now());
    const data = Buffer.from(JSON.stringify(resource));
    this.resourceBytes = data.length;
    return { entityTag: entityTagOf(view.version, resource), data };
  }

  private async readExecutions(after: EventPlace): Promise<ExecutionEvents> {
    const { generation, items, more } = await this.model.changedExecutions({ ...this.key, after, rows: rowsAtOnce });
    const events = items.map((row) => {
      const id = eventId({ generation, position: row.position, id: row.id });
      return `event: execution\nid: ${id}\ndata: ${JSON.stringify(siteExecutionJson(row))}\n\n`;
    });
    const last = items.at(-1);
    const place = last ? { generation, position: last.position, id: last.id } : after;
    return { generation, text: Buffer.from(events.join('')), count: items.length, place, more };
  }
}
