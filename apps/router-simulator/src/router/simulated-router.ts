import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { FaultEngine, type FaultPoint } from '../faults/fault-engine.js';
import { FaultFile } from '../faults/fault-file.js';
import type { Conditions, FaultAction, Faults, FaultsInput } from '../faults/fault-schema.js';
import type { Caller, CommandResult, MenuCall, TableMenu } from '../menus/menu.js';
import { exportedTables, menusOf } from '../menus/menus.js';
import type { MenuTree } from '../menus/menu-tree.js';
import { noSuchCommand, notPermitted, RouterOsError } from '../menus/routeros-error.js';
import type { Value } from '../script/values.js';
import { ConfigStore } from './config-store.js';
import type { Device, DeviceProfile } from './device.js';
import { factoryConfiguration } from './factory-configuration.js';
import { JobTable, type Job } from './job-table.js';
import { Journal } from './journal.js';
import { RouterLog } from './router-log.js';
import { RouterVersion } from './router-version.js';
import { SchedulerClock } from './scheduler-clock.js';
import { ScriptRunner } from './script-runner.js';
import { ScriptStarts } from './script-starts.js';
import type { Sessions } from '../session/sessions.js';

export interface SimulatedRouterOptions {
  readonly directory: string;
  readonly profile: DeviceProfile;
  readonly faults: FaultsInput;
  readonly fsync: boolean;
  /** Epoch milliseconds; must never go back. */
  readonly now: () => number;
}

/** One router without its network: configuration, scripts, power. `Sessions` gives it listeners. */
export class SimulatedRouter implements Device {
  readonly profile: DeviceProfile;
  readonly version: RouterVersion;
  readonly tree: MenuTree;
  readonly exportedTables: readonly TableMenu[] = exportedTables;
  readonly store: ConfigStore;
  readonly jobs: JobTable;
  readonly log: RouterLog;
  readonly journal: Journal;
  readonly starts = new ScriptStarts();
  readonly globals = new Map<string, Value>();
  private readonly now: () => number;
  private readonly engine: FaultEngine;
  private readonly faultFile: FaultFile;
  private readonly scripts: ScriptRunner;
  private readonly scheduler: SchedulerClock;
  private readonly timers = new Set<NodeJS.Timeout>();
  private sessions: Sessions | null = null;
  private bootedAt: number;

  constructor(options: SimulatedRouterOptions) {
    const { directory, profile, now } = options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.profile = profile;
    this.now = now;
    this.version = new RouterVersion(profile.version);
    this.tree = menusOf(this.version);
    this.faultFile = new FaultFile(path.join(directory, 'faults.json'));
    this.engine = new FaultEngine(this.faultFile.read() ?? options.faults);
    this.store = new ConfigStore(path.join(directory, 'configuration.jsonl'), now);
    this.journal = new Journal(path.join(directory, 'journal.jsonl'), now, options.fsync);
    this.jobs = new JobTable(() => this.clock());
    this.log = new RouterLog(() => this.clock());
    this.scripts = new ScriptRunner(this, this.journal);
    this.scheduler = new SchedulerClock(this);
    factoryConfiguration(this.store, profile);
    this.bootedAt = now();
    this.boot('power on');
  }

  get conditions(): Conditions {
    return this.engine.current.conditions;
  }

  get faults(): Faults {
    return this.engine.current;
  }

  get running(): boolean {
    return this.now() >= this.bootedAt;
  }

  connect(sessions: Sessions): void {
    this.sessions = sessions;
  }

  clock(): number {
    return this.now() + this.conditions.clockOffsetMillis;
  }

  uptimeMillis(): number {
    return Math.max(0, this.now() - this.bootedAt);
  }

  setFaults(faults: FaultsInput): void {
    this.engine.set(faults);
    this.faultFile.write(this.engine.current);
    this.sessions?.conditionsChanged();
  }

  async execute(commandPath: string, call: MenuCall): Promise<CommandResult> {
    const command = this.tree.command(commandPath);
    if (!command || (command.scriptOnly && call.caller.origin === 'api')) throw noSuchCommand();
    if (command.policy && !call.caller.policies.has(command.policy)) throw notPermitted();
    const { origin } = call.caller;
    const words = [
      ...[...call.args].map(([name, value]) => `${name}=${value}`),
      ...(call.numbers ?? []).map((token) => `numbers=${token}`),
    ];
    await this.passFaults({ point: 'command', path: commandPath, words, origin, when: 'before' }, call.caller);
    call.caller.job.assertAlive();
    const result = await command.run(call, this);
    await this.passFaults({ point: 'command', path: commandPath, words, origin, when: 'after' }, call.caller);
    if (origin === 'script') await this.passFaults({ point: 'command', path: commandPath, words, origin, when: 'during' }, call.caller);
    return result;
  }

  runText(text: string, caller: Caller, job: Job): Promise<string> {
    return this.scripts.text(text, caller, job);
  }

  startText(text: string, owner: string, policies: ReadonlySet<string>, file: string | null): Job {
    return this.scripts.background(text, owner, policies, file);
  }

  runScript(id: string, caller: Caller): Promise<void> {
    return this.scripts.entry(id, caller);
  }

  async beforeLine(job: Job, line: number): Promise<void> {
    const { script } = job.start;
    if (script === null) return;
    const caller = { user: job.start.owner, policies: new Set<string>(), origin: 'script' as const, session: null, job };
    await this.passFaults({ point: 'line', script, line }, caller);
    job.assertAlive();
  }

  /** For the points that sessions pass: connecting, and the middle of an answer. */
  faultAt(point: FaultPoint): FaultAction | null {
    const action = this.engine.at(point);
    if (action) this.journal.append({ kind: 'fault', fault: action.kind, where: describe(point) });
    return action;
  }

  /** Carries out a fault. A trap is thrown; a hang waits; everything else befalls session, job or router. */
  async suffer(action: FaultAction, caller: Caller): Promise<void> {
    switch (action.kind) {
      case 'trap':
        throw new RouterOsError(action.message, action.category);
      case 'hang':
        return caller.job.wait(action.milliseconds);
      case 'reboot':
        return this.reboot('fault');
      case 'power-loss':
        return this.losePower();
      case 'kill-job': {
        let root = caller.job;
        while (root.start.parent) root = root.start.parent;
        return root.kill('fault');
      }
      default:
        if (caller.session) caller.session.breakDown(action.kind);
        else this.sessions?.breakAll(action.kind);
    }
  }

  private async passFaults(point: FaultPoint, caller: Caller): Promise<void> {
    const action = this.faultAt(point);
    if (action) await this.suffer(action, caller);
  }

  reschedule(): void {
    this.scheduler.plan();
  }

  servicesChanged(): void {
    this.sessions?.conditionsChanged();
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

  /** Takes back the writes that had not reached the flash; `loseMillis` instead of the router's own `flushMillis`. */
  losePower(loseMillis = this.conditions.flushMillis): void {
    this.goDown('power lost');
    const writesLost = loseMillis > 0 ? this.store.forgetAfter(this.now() - loseMillis) : 0;
    this.journal.append({ kind: 'power-lost', writesLost });
    this.boot('power lost');
  }

  stop(): void {
    this.goDown('stopped');
    this.store.close();
    this.journal.close();
  }

  private goDown(reason: string): void {
    this.scheduler.stop();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.jobs.killAll(reason);
    this.sessions?.breakAll('reset');
    this.starts.clear();
    this.globals.clear();
    this.log.clear();
  }

  private boot(reason: string): void {
    const isFirst = this.sessions === null;
    this.bootedAt = this.now() + (isFirst ? 0 : this.conditions.bootMillis);
    this.journal.append({ kind: 'booted', reason });
    const up = (): void => {
      this.log.write('system,info', 'router rebooted');
      this.scheduler.plan();
      this.sessions?.conditionsChanged();
    };
    if (isFirst) return up();
    this.sessions?.conditionsChanged();
    this.after(this.conditions.bootMillis, up);
  }
}

const describe = (point: FaultPoint): string => {
  if (point.point === 'command') return `${point.when} ${point.path}`;
  return point.point === 'line' ? `${point.script} line ${point.line}` : 'connect';
};
