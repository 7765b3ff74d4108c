import { expect } from '@jest/globals';
import type { ScheduledScriptJson, SiteExecutionJson } from '@scheduled-scripts/contracts';
import { EventStream, type FollowOptions } from './event-stream.js';
import { walk, type TestApi, type User } from './query-api.fixture.js';
import { TestRollout } from './rollout.js';

export interface Followed extends Partial<FollowOptions> {
  /** `viewer` unless told. */
  readonly as?: User;
  /** Another replica's. */
  readonly url?: string;
}

/** To compare by; the time to the launch moves by itself. */
const text = (value: object | null | undefined): string => JSON.stringify({ ...value, t_minus: '' });

/** Follows rollouts, and knows what a client must know in the end. */
export class Followers {
  private names = 0;

  constructor(private readonly api: TestApi) {}

  /** A new one, launched, with an execution requested at each site. */
  async rollout(sites: number): Promise<TestRollout> {
    this.names += 1;
    const rollout = new TestRollout(`rollout ${this.names}`, sites);
    await this.api.project([...rollout.begun(), ...rollout.every('requested')]);
    return rollout;
  }

  async follow({ path }: TestRollout, { as = 'viewer', url = this.api.url, token, ...options }: Followed = {}): Promise<EventStream> {
    return EventStream.open(`${url}${path}/events`, { token: token ?? (await this.api.tokenOf(as)), ...options });
  }

  async executions({ path }: TestRollout): Promise<ReadonlyMap<string, SiteExecutionJson>> {
    const rows = (await walk(this.api, `${path}/executions`)).flat();
    return new Map(rows.map((row) => [String(row['id']), row as Readonly<Record<string, unknown>> & SiteExecutionJson]));
  }

  /** Waits until the client has what the API says now, of the script and of each execution. */
  async agree(stream: EventStream, rollout: TestRollout, known: ReadonlyMap<string, SiteExecutionJson> = new Map()): Promise<void> {
    const script = text((await this.api.get(rollout.path)).json as object);
    const rows = await this.executions(rollout);
    const told = (): ReadonlyMap<string, SiteExecutionJson> => new Map([...known, ...stream.executions]);
    // Looked at closely only when something has come: both may be long.
    let seen = -1;
    const isUpToDate = (): boolean => {
      if (seen === stream.events.length) return false;
      seen = stream.events.length;
      const now = told();
      return text(stream.script) === script && [...rows].every(([id, row]) => text(now.get(id)) === text(row));
    };
    await stream.until(isUpToDate, 30_000).catch(() => undefined);
    // Not compared as a whole: of a large rollout nobody could read what differs.
    expect(stream.script?.progress.pending.length).toBe((JSON.parse(script) as ScheduledScriptJson).progress.pending.length);
    expect(text(stream.script) === script).toBe(true);
    const now = told();
    expect([now.size, [...rows.values()].filter((row) => text(now.get(row.id)) !== text(row)).slice(0, 3)]).toEqual([rows.size, []]);
  }
}
