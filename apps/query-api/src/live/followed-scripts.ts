import { setTimeout as pause } from 'node:timers/promises';
import { Turns, type Logger, type Worker } from '@scheduled-scripts/platform';
import type { ReadModel, ScriptKey } from '@scheduled-scripts/read-model';
import type { Changes } from '../visibility/changes.js';
import { FollowedScript } from './followed-script.js';

export interface FollowedScriptsOptions {
  readonly model: ReadModel;
  readonly changes: Pick<Changes, 'count' | 'after'>;
  readonly logger: Logger;
  /** How many questions of streams the database has to answer at a time; other requests must get theirs in. */
  readonly questionsAtOnce: number;
}

const leastPauseMillis = 100;
const longestPauseMillis = 1_000;
/** A change may go unannounced. */
const pollMillis = 1_000;

/** Looks after all scripts that somebody follows here with one question, whenever the read model has changed. */
export class FollowedScripts implements Worker {
  readonly name = 'followed scripts';
  private readonly followed = new Map<string, FollowedScript>();
  private readonly turns: Turns;
  private stopped = false;
  private isBlind = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: FollowedScriptsOptions) {
    this.turns = new Turns(options.questionsAtOnce);
  }

  start(): Promise<void> {
    void this.run();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.looking;
  }

  /** Of a script that the caller may see. To be given back by `leave`. */
  join(key: ScriptKey): FollowedScript {
    const script = this.followed.get(key.scriptId) ?? new FollowedScript(this.options.model, this.turns, key);
    this.followed.set(key.scriptId, script);
    script.followers += 1;
    return script;
  }

  leave(script: FollowedScript): void {
    script.followers -= 1;
    if (script.followers > 0) return;
    script.close();
    this.followed.delete(script.key.scriptId);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const { count } = this.options.changes;
      const began = performance.now();
      this.looking = this.look();
      await this.looking;
      // However much there is to do, most of the time is left to others.
      const rest = Math.max(leastPauseMillis, 4 * (performance.now() - began));
      await pause(Math.min(rest, longestPauseMillis));
      await this.options.changes.after(count, pollMillis);
    }
  }

  private async look(): Promise<void> {
    const scripts = [...this.followed.values()];
    if (scripts.length === 0) return;
    try {
      const positions = await this.options.model.positions(scripts.map(({ key }) => key.scriptId));
      for (const script of scripts) script.offer(positions.of(script.key.scriptId));
      this.isBlind = false;
    } catch (error) {
      if (!this.isBlind) this.options.logger.warn({ err: error }, 'cannot look for changes of the scripts that are followed');
      this.isBlind = true;
    }
  }
}
