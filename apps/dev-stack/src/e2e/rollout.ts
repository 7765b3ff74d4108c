import { setTimeout as rest } from 'node:timers/promises';
import type { CreateScheduledScript, ScheduledScript, SiteExecution } from '@scheduled-scripts/client';
import { clientsOf } from '../job/clients.js';
import type { Connection } from '../stack/connection.js';

type Plan = Pick<CreateScheduledScript, 'sites'> & Partial<CreateScheduledScript>;

/** A script on its way through the API, and what the API says of it. */
export class Rollout {
  private constructor(
    private readonly connection: Connection,
    readonly id: string,
  ) {}

  /** Posted and approved; whoever reads knows of it. */
  static async schedule(connection: Connection, change: Plan): Promise<Rollout> {
    const { author, approver, viewer } = clientsOf(connection);
    const plan = { description: 'A rollout', script: ':put 1', launch_at: '2090-01-01T00:00:00Z', abort_if_offline: true, ...change };
    const { data } = await author.createScheduledScript({ body: plan });
    const { version } = await approver.authorizeScheduledScript({ id: data.id });
    await viewer.getScheduledScript({ id: data.id, minVersion: version ?? 0 });
    return new Rollout(connection, data.id);
  }

  /** Posted, approved, and launched by hand. */
  static async launch(connection: Connection, change: Plan): Promise<Rollout> {
    const rollout = await Rollout.schedule(connection, change);
    await clientsOf(connection).approver.launchScheduledScript({ id: rollout.id });
    return rollout;
  }

  /** The same one, of a stack that has been started again. */
  through(connection: Connection): Rollout {
    return new Rollout(connection, this.id);
  }

  async executions(): Promise<readonly SiteExecution[]> {
    return (await clientsOf(this.connection).viewer.listExecutions({ id: this.id })).data;
  }

  /** The script as soon as its progress is as wanted; asks on while it is refused. */
  async until(what: string, holds: (progress: ScheduledScript['progress']) => boolean, withinMillis = 60_000): Promise<ScheduledScript> {
    const { viewer } = clientsOf(this.connection);
    let seen: unknown;
    for (const deadline = Date.now() + withinMillis; Date.now() < deadline; await rest(100)) {
      try {
        const { data: script } = await viewer.getScheduledScript({ id: this.id }, { patienceMillis: 0 });
        if (holds(script.progress)) return script;
        seen = script.progress;
      } catch (error) {
        seen = error;
      }
    }
    throw new Error(`${what} was not observed; seen last: ${seen instanceof Error ? seen.message : JSON.stringify(seen)}`);
  }
}
