import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Conditions, FaultsInput } from '../faults/fault-schema.js';
import { RouterFaults, type FaultTarget } from '../faults/router-faults.js';
import type { Breakdown, Caller, CommandResult, MenuCall } from '../menus/menu-call.js';
import { menusOf } from '../menus/menus.js';
import type { MenuTree } from '../menus/menu-tree.js';
import type { Value } from '../script/values.js';
import { CommandRunner } from './command-runner.js';
import { ConfigStore } from './config-store.js';
import type { Device, Starter } from './device.js';
import type { DeviceProfile } from './device-profile.js';
import { factoryConfiguration } from './factory-configuration.js';
import { JobTable, type Job } from './job-table.js';
import { Journal } from './journal.js';
import { RouterLog } from './router-log.js';
import { RouterVersion } from './router-version.js';
import { SchedulerClock } from './scheduler-clock.js';
import { ScriptRunner } from './script-runner.js';
import { ScriptStarts } from './script-starts.js';

/** The router's side of the network. */
export interface Network {
  /** Ports open and close as conditions, services and power want it. */
  refresh(): void;
  breakAll(how: Breakdown): void;
}

export interface SimulatedRouterOptions {
  readonly directory: string;
  readonly profile: DeviceProfile;
  readonly faults: FaultsInput;
  readonly fsync: boolean;
  /** Epoch milliseconds; must never go back. */
  readonly now: () => number;
}

/** One router without its network: configuration, scripts, power. */
export class SimulatedRouter implements Device, FaultTarget {
  readonly profile: DeviceProfile;
  readonly version: RouterVersion;
  readonly tree: MenuTree;
  readonly store: ConfigStore;
  readonly jobs: JobTable;
  readonly log: RouterLog;
  readonly journal: Journal;
  readonly faults: RouterFaults;
  readonly starts = new ScriptStarts();
  readonly globals = new Map<string, Value>();
  private readonly now: () => number;
  private readonly commands: CommandRunner;
  private readonly scripts: ScriptRunner;
  private readonly scheduler: SchedulerClock;
  private readonly timers = new Set<NodeJS.Timeout>();
  private network: Network = { refresh: () => undefined, breakAll: () => undefined };
  private bootedAt: number;
  private isUp = false;

  constructor(options: SimulatedRouterOptions) {
    const { directory, profile, now } = options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.profile = profile;
    this.now = now;
    this.version = new RouterVersion(profile.version);
    this.tree = menusOf(this.version);
    this.store = new ConfigStore(path.join(directory, 'configuration.jsonl'), now);
    this.journal = new Journal(path.join(directory, 'journal.jsonl'), now, options.fsync);
    this.faults = new RouterFaults(path.join(directory, 'faults.json'), options.faults, this.journal, this);
    this.jobs = new JobTable(() => this.clock());
    this.log = new RouterLog(() => this.clock());
    this.commands = new CommandRunner(this, this.tree, this.faults);
    this.scripts = new ScriptRunner(this, this.journal);
    this.scheduler = new SchedulerClock(this);
    factoryConfiguration(this.store, profile);
    this.bootedAt = now();
    this.journal.append({ kind: 'booted', reason: 'power on' });
    this.comeUp();
  }

  get conditions(): Conditions {
    return this.faults.current.conditions;
  }

  /** Not a question of the clock: a timer may end a moment before its time, and whoever asks then would not ask again. */
  get running(): boolean {
    return this.isUp;
  }

  attach(network: Network): void {
    this.network = network;
  }

  clock(): number {
    return this.now() + this.conditions.clockOffsetMillis;
  }

  uptimeMillis(): number {
    return Math.max(0, this.now() - this.bootedAt);
  }

  setFaults(faults: FaultsInput): void {
    this.faults.set(faults);
    this.network.refresh();
    if (this.isUp) this.scheduler.plan();
  }

  execute(commandPath: string, call: MenuCall): Promise<CommandResult> {
    return this.commands.run(commandPath, call);
  }

  runText(text: string, caller: Caller, job: Job): Promise<string> {
    return this.scripts.text(text, caller, job);
  }

  startText(text: string, starter: Starter, file: string | null): Job {
    return this.scripts.background(text, starter, file);
  }

  runScript(id: string, caller: Caller): Promise<number> {
    return this.scripts.entry(id, caller);
  }

  async beforeLine(job: Job, line: number, previous: number): Promise<void> {
    const { script, owner } = job.start;
    if (script === null) return;
    const caller: Caller = { user: owner, policies: new Set(), origin: 'script', session: null, job };
    await this.faults.pass({ point: 'line', script, line, previous }, caller);
    job.assertAlive();
  }

  breakAll(how: Breakdown): void {
    this.network.breakAll(how);
  }

  reschedule(): void {
    this.scheduler.plan();
  }

  servicesChanged(): void {
    this.network.refresh();
  }

  after(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, milliseconds);
    this.timers.add(timer);
  }

  reboot(reason: string): void {
    this.goDown(reason);
    this.boot(reason);
  }

  shutDown(): void {
    this.goDown('shut down');
    this.network.refresh();
  }

  /** Takes back the writes that had not reached the flash; `loseMillis` instead of the router's own `flushMillis`. */
  losePower(loseMillis = this.conditions.flushMillis): void {
    this.goDown('power lost');
    const writesLost = loseMillis > 0 ? this.store.forgetAfter(this.now() - loseMillis) : 0;
    this.journal.append({ kind: 'power-lost', writesLost });
    this.boot('power lost');
  }

  /** Resolves when no script runs any more and every file is closed. */
  async stop(): Promise<void> {
    this.goDown('stopped');
    await this.scripts.settled();
    this.store.close();
    this.journal.close();
  }

  private goDown(reason: string): void {
    this.isUp = false;
    this.scheduler.stop();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.jobs.killAll(reason);
    this.breakAll('reset');
    this.starts.clear();
    this.globals.clear();
    this.log.clear();
  }

  private boot(reason: string): void {
    const { bootMillis } = this.conditions;
    this.bootedAt = this.now() + bootMillis;
    this.journal.append({ kind: 'booted', reason });
    this.network.refresh();
    this.after(bootMillis, () => this.comeUp());
  }

  private comeUp(): void {
    this.isUp = true;
    this.log.write('system,info', 'router rebooted');
    this.scheduler.plan();
    this.network.refresh();
  }
}
