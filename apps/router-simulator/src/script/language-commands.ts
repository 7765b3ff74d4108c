import { createHash } from 'node:crypto';
import { JobKilled } from '../router/job-table.js';
import { parseScript } from './script-parser.js';
import { ScriptSyntaxError } from './source-reader.js';
import type { Evaluator } from './evaluator.js';
import { asBoolean } from './operators.js';
import { parsedText } from './parsed-text.js';
import type { Scope } from './scope.js';
import { ExitSignal, ReturnSignal, ScriptError } from './script-error.js';
import type { Expression, Statement } from './syntax-tree.js';
import { convert } from './value-commands.js';
import { ArrayValue, CodeValue, Duration, toDuration, toNumber, toText, type Value } from './values.js';

type CommandStatement = Extract<Statement, { kind: 'command' }>;
interface Context {
  readonly scope: Scope;
  readonly row: Readonly<Record<string, string>> | null;
}

const endless = 1_000_000;

/** One `:` command. */
export const runLanguageCommand = async (evaluator: Evaluator, statement: CommandStatement, context: Context): Promise<Value> => {
  const run = new LanguageCommand(evaluator, statement, context);
  return run.run(statement.path.slice(1));
};

class LanguageCommand {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly statement: CommandStatement,
    private readonly context: Context,
  ) {}

  async run(name: string): Promise<Value> {
    const { evaluator } = this;
    switch (name) {
      case 'put':
        evaluator.output.push(await this.putText());
        return undefined;
      case 'error':
        throw new ScriptError(evaluator.withOrigin(await this.text('message'), ':error', null, this.statement.at));
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
        return this.repeat('do');
      case 'do':
        return this.guarded();
      case 'onerror':
        return this.onError();
      case 'retry':
        return this.retry();
      case 'delay':
        await evaluator.job.wait((toDuration(await this.value('delay-time')) ?? new Duration(1000)).milliseconds);
        return undefined;
      case 'parse':
        return this.parse(await this.text('code'));
      case 'execute':
        return this.execute();
      case 'jobname':
        return evaluator.job.start.script ?? '';
      case 'timestamp':
        return new Duration(evaluator.device.clock());
      case 'nothing':
      case 'beep':
        return undefined;
      default:
        return convert(name, await this.value('value'), (argument) => this.value(argument));
    }
  }

  private argument(name: string): Expression | null {
    return this.statement.args.find((argument) => argument.name === name)?.value ?? null;
  }

  private async value(name: string): Promise<Value> {
    const expression = this.argument(name);
    return expression ? this.evaluator.evaluate(expression, this.context) : undefined;
  }

  private async text(name: string): Promise<string> {
    return toText(await this.value(name));
  }

  private async putText(): Promise<string> {
    const value = await this.value('message');
    return value instanceof CodeValue ? value.text : toText(value);
  }

  private async assign(kind: 'local' | 'global' | 'set'): Promise<Value> {
    const { scope } = this.context;
    const target = this.argument('name');
    const name = target?.kind === 'literal' ? toText(target.value) : '';
    const given = this.argument('do') ?? this.argument('value');
    const value = given ? await this.evaluator.evaluate(given, this.context) : undefined;
    if (kind === 'local') scope.declareLocal(name, value);
    if (kind === 'global') {
      scope.declareGlobal(name);
      if (given) scope.set(name, value);
    }
    if (kind === 'set' && target?.kind === 'binary' && target.operator === '->') {
      const array = await this.evaluator.evaluate(target.left, this.context);
      if (array instanceof ArrayValue) array.with(await this.evaluator.evaluate(target.right, this.context), value);
    } else if (kind === 'set' && !scope.set(name, value)) {
      throw new ScriptError(`unknown variable name ${name}`);
    }
    return undefined;
  }

  /** Runs a `{…}`, or code that a value holds. */
  private async body(name: string, prepare: (scope: Scope) => void = () => undefined): Promise<Value> {
    const expression = this.argument(name);
    if (!expression) return undefined;
    const code = await this.evaluator.evaluate(expression, this.context);
    if (!(code instanceof CodeValue)) return undefined;
    if (code.error !== null) throw new ScriptError(code.error);
    const scope = this.context.scope.inner();
    prepare(scope);
    return this.evaluator.run(code.body, scope);
  }

  private async choose(): Promise<Value> {
    return asBoolean(await this.value('condition')) ? this.body('do') : this.body('else');
  }

  private async count(): Promise<Value> {
    const name = await this.text('counter');
    const from = toNumber(await this.value('from')) ?? 0;
    const to = toNumber(await this.value('to')) ?? 0;
    // Without a step, 5 to 4 counts down: a trap of its own.
    const step = toNumber(await this.value('step')) ?? (from <= to ? 1 : -1);
    for (let index = from, turns = 0; step > 0 ? index <= to : index >= to; index += step, turns += 1) {
      if (step === 0 && turns > endless) break;
      await this.body('do', (scope) => scope.declareLocal(name, index));
    }
    return undefined;
  }

  private async each(): Promise<Value> {
    const [first = '', second] = (await this.text('counter')).split(',');
    const list = await this.value('in');
    const entries = list instanceof ArrayValue ? list.entries : list === undefined || list === '' ? [] : [{ key: null, value: list }];
    for (const [index, entry] of entries.entries()) {
      await this.body('do', (scope) => {
        if (second !== undefined) scope.declareLocal(first, entry.key ?? index);
        scope.declareLocal(second ?? first, entry.value);
      });
    }
    return undefined;
  }

  private async repeat(body: 'do' | 'command'): Promise<Value> {
    const condition = body === 'do' ? 'condition' : 'while';
    while (asBoolean(await this.value(condition))) {
      await this.body(body);
      await this.evaluator.run([], this.context.scope);
      this.evaluator.job.assertAlive();
    }
    return undefined;
  }

  private async guarded(): Promise<Value> {
    try {
      const value = await this.body('command');
      if (this.argument('while')) await this.repeat('command');
      return value;
    } catch (error) {
      if (!(error instanceof ScriptError) || !this.argument('on-error')) throw error;
      return this.body('on-error');
    }
  }

  /** Whether there was an error. A `:return` in `in` ends that part only. */
  private async onError(): Promise<Value> {
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

  private async retry(): Promise<Value> {
    const attempts = toNumber(await this.value('max')) ?? 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.body('command');
      } catch (error) {
        if (!(error instanceof ScriptError)) throw error;
        if (attempt >= attempts) {
          if (!this.argument('on-error')) throw error;
          return this.body('on-error');
        }
        await this.evaluator.job.wait((toDuration(await this.value('delay')) ?? new Duration(0)).milliseconds);
      }
    }
  }

  /** Never fails: a bad text gives its error as a value. */
  private parse(source: string): CodeValue {
    try {
      const statements = parseScript(source, this.evaluator.device.tree);
      return new CodeValue(statements, statements.length === 0 && source !== '' ? '/' : parsedText(statements));
    } catch (error) {
      if (error instanceof ScriptSyntaxError) return new CodeValue([], error.message, error.message);
      throw error;
    }
  }

  private async execute(): Promise<Value> {
    const { device, caller, job } = this.evaluator;
    const source = await this.text('script');
    const isFlag = this.statement.args.some((argument) => argument.name === 'as-string');
    if (isFlag) return device.runText(source, caller, job).catch(textOfError);
    const file = this.argument('file') ? await this.text('file') : null;
    const started = device.startText(source, caller.user, caller.policies, file);
    return started.id;
  }
}

/** `/execute as-string` shows errors as output. */
export const textOfError = (error: unknown): string => {
  if (error instanceof JobKilled) throw error;
  if (error instanceof Error) return error.message;
  throw error;
};

export const sha256OfBytes = (text: string): string => createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex');
