import { CommandArguments } from './command-arguments.js';
import { Duration } from './literal.js';
import { asBoolean } from './operators.js';
import { ReturnSignal, ScriptError } from './script-error.js';
import { ArrayValue, toDuration, toNumber, type Value } from './values.js';

/** Branches, loops, and the catching of errors. */
export abstract class FlowCommands extends CommandArguments {
  protected async choose(): Promise<Value> {
    return asBoolean(await this.value('condition')) ? this.body('do') : this.body('else');
  }

  protected async count(): Promise<Value> {
    const name = await this.text('counter');
    const from = toNumber(await this.value('from')) ?? 0;
    const to = toNumber(await this.value('to')) ?? 0;
    // Without a step, 5 to 4 counts down: a trap that RouterOS has too.
    const step = toNumber(await this.value('step')) ?? (from <= to ? 1 : -1);
    for (let index = from; step >= 0 ? index <= to : index >= to; index += step) {
      await this.host.giveWay();
      await this.body('do', (scope) => scope.declareLocal(name, index));
    }
    return undefined;
  }

  protected async each(): Promise<Value> {
    const [first = '', second] = (await this.text('counter')).split(',');
    const list = await this.value('in');
    const single = list === undefined || list === '' ? [] : [{ key: null, value: list }];
    const entries = list instanceof ArrayValue ? list.entries : single;
    for (const [index, entry] of entries.entries()) {
      await this.body('do', (scope) => {
        if (second !== undefined) scope.declareLocal(first, entry.key ?? index);
        scope.declareLocal(second ?? first, entry.value);
      });
    }
    return undefined;
  }

  protected async repeat(condition: 'condition' | 'while', body: 'do' | 'command'): Promise<Value> {
    while (asBoolean(await this.value(condition))) {
      await this.host.giveWay();
      await this.body(body);
    }
    return undefined;
  }

  /** `:do {…} while=(…)`, `:do {…} on-error={…}`. */
  protected async guarded(): Promise<Value> {
    try {
      const value = await this.body('command');
      if (this.has('while')) await this.repeat('while', 'command');
      return value;
    } catch (error) {
      if (!(error instanceof ScriptError) || !this.has('on-error')) throw error;
      return this.body('on-error');
    }
  }

  /** Gives whether there was an error. A `:return` inside `in` ends that part only. */
  protected async onError(): Promise<Value> {
    try {
      await this.body('in');
      return false;
    } catch (error) {
      if (error instanceof ReturnSignal) return false;
      if (!(error instanceof ScriptError)) throw error;
      const name = await this.text('error');
      await this.body('do', (scope) => scope.declareLocal(name, error.message));
      return true;
    }
  }

  protected async retry(): Promise<Value> {
    const attempts = toNumber(await this.value('max')) ?? 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.body('command');
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        if (attempt >= attempts) {
          if (!this.has('on-error')) throw error;
          return this.body('on-error');
        }
        await this.host.job.wait((toDuration(await this.value('delay')) ?? new Duration(0)).milliseconds);
      }
    }
  }
}
