import type { CommandStatement, Context, Evaluation } from './command-arguments.js';
import { FlowCommands } from './flow-commands.js';
import { Duration } from './literal.js';
import { parsedText } from './parsed-text.js';
import { ExitSignal, ReturnSignal, ScriptError } from './script-error.js';
import type { ScriptHost } from './script-host.js';
import { parseScript } from './script-parser.js';
import { ScriptSyntaxError } from './source-reader.js';
import { convert } from './value-commands.js';
import { ArrayValue, CodeValue, toDuration, toText, type Value } from './values.js';

/** Runs one `:` command. */
export const runLanguageCommand = (
  evaluation: Evaluation,
  host: ScriptHost,
  statement: CommandStatement,
  context: Context,
): Promise<Value> => new LanguageCommand(evaluation, host, statement, context).run(statement.path.slice(1));

class LanguageCommand extends FlowCommands {
  async run(name: string): Promise<Value> {
    const { host } = this;
    switch (name) {
      case 'put':
        host.print(await this.putText());
        return undefined;
      case 'error':
        throw new ScriptError(host.withOrigin(await this.text('message'), ':error', null, this.statement.at));
      case 'return':
        throw new ReturnSignal(await this.value('value'));
      case 'exit':
      case 'quit':
        throw new ExitSignal();
      case 'local':
      case 'global':
      case 'set':
        return this.assign(name);
      case 'if':
        return this.choose();
      case 'for':
        return this.count();
      case 'foreach':
        return this.each();
      case 'while':
        return this.repeat('condition', 'do');
      case 'do':
        return this.guarded();
      case 'onerror':
        return this.onError();
      case 'retry':
        return this.retry();
      case 'delay':
        await host.job.wait((toDuration(await this.value('delay-time')) ?? new Duration(1000)).milliseconds);
        return undefined;
      case 'parse':
        return this.parse(await this.text('code'));
      case 'execute':
        return this.execute();
      case 'jobname':
        return host.job.start.script ?? '';
      case 'timestamp':
        return new Duration(host.device.clock());
      case 'nothing':
      case 'beep':
        return undefined;
      default:
        return convert(name, await this.value('value'), (argument) => this.value(argument));
    }
  }

  private async putText(): Promise<string> {
    const value = await this.value('message');
    return value instanceof CodeValue ? value.text : toText(value);
  }

  private async assign(kind: 'local' | 'global' | 'set'): Promise<Value> {
    const { scope } = this.context;
    const target = this.argument('name');
    const name = target?.kind === 'literal' ? toText(target.value) : '';
    const isGiven = this.has('do') || this.has('value');
    const value = await this.value(this.has('do') ? 'do' : 'value');
    if (kind === 'local') scope.declareLocal(name, value);
    if (kind === 'global') {
      scope.declareGlobal(name);
      if (isGiven) scope.set(name, value);
    }
    if (kind === 'set' && target?.kind === 'binary' && target.operator === '->') {
      const array = await this.evaluation.evaluate(target.left, this.context);
      if (array instanceof ArrayValue) array.with(await this.evaluation.evaluate(target.right, this.context), value);
    } else if (kind === 'set' && !scope.set(name, value)) {
      throw new ScriptError(`unknown variable name ${name}`);
    }
    return undefined;
  }

  /** Never fails: a text that cannot be read gives its error as a value. */
  private parse(source: string): CodeValue {
    try {
      const statements = parseScript(source, this.host.device.tree);
      return new CodeValue(statements, statements.length === 0 && source !== '' ? '/' : parsedText(statements));
    } catch (error) {
      if (error instanceof ScriptSyntaxError) return new CodeValue([], error.message, error.message);
      throw error;
    }
  }

  private async execute(): Promise<Value> {
    const { device, caller, job } = this.host;
    const source = await this.text('script');
    if (this.has('as-string')) return device.runText(source, caller, job);
    const file = this.has('file') ? await this.text('file') : null;
    return device.startText(source, caller, file).id;
  }
}
