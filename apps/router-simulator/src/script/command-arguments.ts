import type { PrintedRow } from '../menus/menu-call.js';
import type { Scope } from './scope.js';
import { ScriptError } from './script-error.js';
import type { ScriptHost } from './script-host.js';
import type { Expression, Statement } from './syntax-tree.js';
import { CodeValue, toText, type Value } from './values.js';

export type CommandStatement = Extract<Statement, { kind: 'command' }>;

export interface Context {
  readonly scope: Scope;
  /** The row at hand, inside `where`. */
  readonly row: PrintedRow | null;
}

/** The way back to the evaluator: a command's arguments are expressions, its bodies statements. */
export interface Evaluation {
  evaluate(expression: Expression, context: Context): Promise<Value>;
  /** The value of the last statement. */
  run(statements: readonly Statement[], scope: Scope): Promise<Value>;
}

/** One `:` command with its arguments, evaluated when it asks for them. */
export abstract class CommandArguments {
  constructor(
    protected readonly evaluation: Evaluation,
    protected readonly host: ScriptHost,
    protected readonly statement: CommandStatement,
    protected readonly context: Context,
  ) {}

  protected has(name: string): boolean {
    return this.statement.args.some((argument) => argument.name === name);
  }

  protected argument(name: string): Expression | null {
    return this.statement.args.find((argument) => argument.name === name)?.value ?? null;
  }

  protected async value(name: string): Promise<Value> {
    const expression = this.argument(name);
    return expression ? this.evaluation.evaluate(expression, this.context) : undefined;
  }

  protected async text(name: string): Promise<string> {
    return toText(await this.value(name));
  }

  /** Runs a `{…}`, or code that a value holds. */
  protected async body(name: string, prepare: (scope: Scope) => void = () => undefined): Promise<Value> {
    const code = await this.value(name);
    if (!(code instanceof CodeValue)) return undefined;
    if (code.error !== null) throw new ScriptError(code.error);
    const scope = this.context.scope.inner();
    prepare(scope);
    return this.evaluation.run(code.body, scope);
  }
}
