import type { RouterFaults } from '../faults/router-faults.js';
import type { Command } from '../menus/menu.js';
import type { CommandResult, MenuCall } from '../menus/menu-call.js';
import type { MenuTree } from '../menus/menu-tree.js';
import { noSuchCommand, notPermitted } from '../menus/routeros-error.js';
import type { Device } from './device.js';
import { Job } from './job-table.js';

/** Runs commands of menus, and lets the faults strike around them. */
export class CommandRunner {
  constructor(
    private readonly device: Device,
    private readonly tree: MenuTree,
    private readonly faults: RouterFaults,
  ) {}

  async run(path: string, call: MenuCall): Promise<CommandResult> {
    const command = this.tree.command(path);
    const { caller } = call;
    if (!command || (command.scriptOnly && caller.origin === 'api')) throw noSuchCommand();
    if (command.policy && !caller.policies.has(command.policy)) throw notPermitted();
    const words = [...call.args].map(([name, value]) => `${name}=${value}`);
    for (const token of call.numbers ?? []) words.push(`numbers=${token}`);
    const point = (when: 'before' | 'during' | 'after') => ({ point: 'command', path, words, origin: caller.origin, when }) as const;

    const first = this.faults.at(point('before'));
    if (first?.kind === 'late') return this.runLate(command, call, first.milliseconds);
    if (first) await this.faults.suffer(first, caller);
    caller.job.assertAlive();
    const result = await command.run(call, this.device);
    await this.faults.pass(point('after'), caller);
    // A session passes this point itself, with half of its answer sent.
    if (caller.origin === 'script') await this.faults.pass(point('during'), caller);
    return result;
  }

  /** As out of a receive buffer that is read late: who sent it may be gone, and only a loss of power stops it. */
  private async runLate(command: Command, call: MenuCall, milliseconds: number): Promise<CommandResult> {
    const { device } = this;
    await new Promise<void>((resolve) => device.after(milliseconds, resolve));
    const job = new Job('', { type: 'command', owner: call.caller.user, script: null, parent: null }, device.clock());
    return command.run({ ...call, caller: { ...call.caller, job } }, device);
  }
}
