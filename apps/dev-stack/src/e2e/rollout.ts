import { setTimeout as rest } from 'node:timers/promises';
import type { ScheduledScriptJson } from '@scheduled-scripts/contracts';
import { createApi } from '../job/api.js';
import type { Execution } from '../job/outcomes.js';
import type { Connection } from '../stack/connection.js';

/** A script on its way through the API, and what the API says of it. */
export class Rollout {
  private constructor(
    private readonly connection: Connection,
    readonly id: string,
  ) {}

  /** Posted and approved. */
  static async schedule(connection: Connection, change: Readonly<Record<string, unknown>>): Promise<Rollout> {
    const api = createApi(connection.baseUrl);
    const { author, approver } = connection.tokens;
    const { id } = (await api.send('POST', '/scripts/scheduled', author, {
      description: 'A rollout',
      script: ':put 1',
      launch_at: '2090-01-01T00:00:00Z',
      abort_if_offline: true,
      ...change,
    })) as ScheduledScriptJson;
    await api.send('POST', `/scripts/scheduled/${id}/authorize`, approver);
    return new Rollout(connection, id);
  }

  /** Posted, approved, and launched by hand. */
  static async launch(connection: Connection, change: Readonly<Record<string, unknown>>): Promise<Rollout> {
    const rollout = await Rollout.schedule(connection, change);
    await createApi(connection.baseUrl).send('POST', `/scripts/scheduled/${rollout.id}/launch`, connection.tokens.approver);
    return rollout;
  }

  /** The same one, of a stack that has been started again. */
  through(connection: Connection): Rollout {
    return new Rollout(connection, this.id);
  }

  async executions(): Promise<readonly Execution[]> {
    const { baseUrl, tokens } = this.connection;
    return (await createApi(baseUrl).send('GET', `/scripts/scheduled/${this.id}/executions`, tokens.viewer)) as Execution[];
  }

  /** The script as soon as its progress is as wanted; asks on while it is refused. */
  async until(
    what: string,
    holds: (progress: ScheduledScriptJson['progress']) => boolean,
    withinMillis = 60_000,
  ): Promise<ScheduledScriptJson> {
    const { baseUrl, tokens } = this.connection;
    const api = createApi(baseUrl);
    let seen: unknown;
    for (const deadline = Date.now() + withinMillis; Date.now() < deadline; await rest(100)) {
      try {
        const script = (await api.send('GET', `/scripts/scheduled/${this.id}`, tokens.viewer)) as ScheduledScriptJson;
        if (holds(script.progress)) return script;
        seen = script.progress;
      } catch (error) {
        seen = error;
      }
    }
    throw new Error(`${what} was not observed; seen last: ${seen instanceof Error ? seen.message : JSON.stringify(seen)}`);
  }
}
