import type { Conditions } from '../faults/fault-schema.js';
import type { Caller, CommandResult, MenuCall } from '../menus/menu-call.js';
import type { CommandTree } from '../script/command-grammar.js';
import type { Value } from '../script/values.js';
import type { ConfigStore } from './config-store.js';
import type { DeviceProfile } from './device-profile.js';
import type { Job, JobTable } from './job-table.js';
import type { RouterLog } from './router-log.js';
import type { RouterVersion } from './router-version.js';
import type { ScriptStarts } from './script-starts.js';

/** On whose behalf something is started in the background; `job` is null for the scheduler. */
export type Starter = Pick<Caller, 'user' | 'policies'> & { readonly job: Job | null };

/** The router as its menus and scripts see it. */
export interface Device {
  readonly profile: DeviceProfile;
  readonly version: RouterVersion;
  /** What scripts are read by. */
  readonly tree: CommandTree;
  readonly store: ConfigStore;
  readonly jobs: JobTable;
  readonly log: RouterLog;
  readonly starts: ScriptStarts;
  readonly conditions: Conditions;
  readonly globals: Map<string, Value>;
  /** The router's own clock, epoch milliseconds. */
  clock(): number;
  uptimeMillis(): number;
  /** The one way in for every command, of sessions and scripts alike. Throws `RouterOsError`. */
  execute(path: string, call: MenuCall): Promise<CommandResult>;
  /** Runs text as a script of nobody's name; gives what it printed. */
  runText(text: string, caller: Caller, job: Job): Promise<string>;
  /** Starts text in the background and gives its job. */
  startText(text: string, starter: Starter, file: string | null): Job;
  /** Runs an entry of `/system/script`, by its row id, to its end. Gives how many lists it printed. */
  runScript(id: string, caller: Caller): Promise<number>;
  /** Called when an entry of `/system/script` gets from one line to another; faults live here. */
  beforeLine(job: Job, line: number, previous: number): Promise<void>;
  /** Something about the schedule has changed. */
  reschedule(): void;
  /** `/ip/service` has changed. */
  servicesChanged(): void;
  reboot(reason: string): void;
  /** Until somebody switches it on again. */
  shutDown(): void;
  /** Later, unless the router loses power first. */
  after(milliseconds: number, action: () => void): void;
}
