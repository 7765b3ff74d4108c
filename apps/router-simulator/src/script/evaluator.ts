import type { PrintedRow } from '../menus/menu-call.js';
import { RouterOsError } from '../menus/routeros-error.js';
import type { CommandStatement, Context, Evaluation } from './command-arguments.js';
import { isLanguageCommand } from './command-grammar.js';
import { runLanguageCommand } from './language-commands.js';
import { combine, negate } from './operators.js';
import type { Scope } from './scope.js';
import { ReturnSignal, ScriptError } from './script-error.js';
import type { ScriptHost } from './script-host.js';
import { parsedText } from './parsed-text.js';
import type { Argument, Expression, PassedArgument, Statement } from './syntax-tree.js';
import { ArrayValue, CodeValue, fromProperty, toArgument, toBoolean, toText, unreachable, type Value } from './values.js';

const targetParameters = new Set(['numbers', 'number', '.id']);

/** Runs the statements of one script. */
export class Evaluator implements Evaluation {
  private insideBrackets = 0;

  constructor(private readonly host: ScriptHost) {}

  /** The value of the last statement. */
  async run(statements: readonly Statement[], scope: Scope): Promise<Value> {
    let value: Value;
    for (const statement of statements) {
      await this.host.reach(statement);
      value = await this.statement(statement, { scope, row: null });
    }
    return value;
  }

  private async statement(statement: Statement, context: Context): Promise<Value> {
    switch (statement.kind) {
      case 'command':
        return this.command(statement, context);
      case 'late-error':
        throw new ScriptError(statement.message);
      case 'block':
        return this.run(statement.body, context.scope.inner());
      case 'call':
        return this.callFunction(statement.callee, statement.args, context);
      case 'evaluate':
        return this.evaluate(statement.expression, context);
      default:
        return unreachable(statement);
    }
  }

  private async command(statement: CommandStatement, context: Context): Promise<Value> {
    try {
      const isLanguage = isLanguageCommand(statement.path);
      return isLanguage ? await runLanguageCommand(this, this.host, statement, context) : await this.menuCommand(statement, context);
    } catch (error) {
      if (error instanceof RouterOsError)
        throw new ScriptError(this.host.withOrigin(error.message, statement.path, error.argument, statement.at));
      throw error;
    }
  }

  private async menuCommand(statement: CommandStatement, context: Context): Promise<Value> {
    const args = new Map<string, string>();
    const unset = new Set<string>();
    let numbers: string[] | null = null;
    for (const argument of statement.args) {
      if (argument.unset) unset.add(argument.name);
      else if (argument.value === null) args.set(argument.name, '');
      else if (targetParameters.has(argument.name)) numbers = itemTokens(await this.evaluate(argument.value, context));
      else args.set(argument.name, await this.argumentText(argument, context));
    }
    const { where } = statement;
    const select = where && ((rows: readonly PrintedRow[]) => this.matching(rows, where, context));
    const { device, caller, job } = this.host;
    const result = await device.execute(statement.path, { args, unset, numbers, select, caller });
    job.assertAlive();
    const asValue = this.insideBrackets > 0 || args.has('as-value');
    if (result.rows && !asValue) this.host.printRows(result.rows);
    else if (args.has('count-only') && !asValue) this.host.print(result.ret ?? '');
    return result.value;
  }

  private async argumentText(argument: Argument, context: Context): Promise<string> {
    const { value } = argument;
    if (value === null) return '';
    return value.kind === 'code' ? parsedText(value.body) : toArgument(await this.evaluate(value, context));
  }

  private async matching(rows: readonly PrintedRow[], where: Expression, context: Context): Promise<PrintedRow[]> {
    const found: PrintedRow[] = [];
    for (const row of rows) if (toBoolean(await this.evaluate(where, { ...context, row })) === true) found.push(row);
    return found;
  }

  async evaluate(expression: Expression, context: Context): Promise<Value> {
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'variable':
        // Among conditions a variable that is called like a property is the property: a trap that RouterOS has too.
        return context.row && Object.hasOwn(context.row, expression.name)
          ? fromProperty(expression.name, context.row[expression.name])
          : context.scope.get(expression.name);
      case 'property':
        return fromProperty(expression.name, context.row?.[expression.name]);
      case 'template': {
        let text = '';
        for (const part of expression.parts) text += toText(await this.evaluate(part, context));
        return text;
      }
      case 'substitution':
        return this.substitute(expression.body, context.scope);
      case 'unary':
        return this.unary(expression.operator, await this.evaluate(expression.operand, context), context);
      case 'binary':
        return combine(
          expression.operator,
          this.condition(expression.operator, await this.evaluate(expression.left, context), context),
          this.condition(expression.operator, await this.evaluate(expression.right, context), context),
        );
      case 'array': {
        const array = new ArrayValue();
        for (const { key, value } of expression.items) {
          array.entries.push({ key: key && toText(await this.evaluate(key, context)), value: await this.evaluate(value, context) });
        }
        return array;
      }
      case 'code':
        return new CodeValue(expression.body, parsedText(expression.body));
      default:
        return unreachable(expression);
    }
  }

  /** `find dynamic and !disabled`: a property that a row does not have is no. */
  private condition(operator: string, value: Value, context: Context): Value {
    return context.row && value === undefined && (operator === 'and' || operator === 'or') ? false : value;
  }

  private unary(operator: '!' | '-' | '~' | 'any', value: Value, context: Context): Value {
    return negate(operator, context.row && operator === '!' && value === undefined ? false : value);
  }

  private async substitute(body: readonly Statement[], scope: Scope): Promise<Value> {
    this.insideBrackets += 1;
    try {
      return await this.run(body, scope);
    } finally {
      this.insideBrackets -= 1;
    }
  }

  private async callFunction(callee: Expression, args: readonly PassedArgument[], context: Context): Promise<Value> {
    const code = await this.evaluate(callee, context);
    if (!(code instanceof CodeValue)) {
      if (args.length > 0) throw new ScriptError('not a function');
      return code;
    }
    if (code.error !== null) throw new ScriptError(code.error);
    const inner = context.scope.separate();
    inner.declareLocal('0', callee.kind === 'variable' ? callee.name : '');
    let place = 0;
    for (const { name, value } of args) inner.declareLocal(name ?? String(++place), await this.evaluate(value, context));
    return this.runBody(code.body, inner);
  }

  /** Runs a body whose `:return` ends it. */
  private async runBody(body: readonly Statement[], scope: Scope): Promise<Value> {
    try {
      return await this.run(body, scope);
    } catch (signal) {
      if (signal instanceof ReturnSignal) return signal.value;
      throw signal;
    }
  }
}

const itemTokens = (value: Value): string[] => {
  if (value instanceof ArrayValue) return value.entries.map((entry) => toText(entry.value));
  return toText(value)
    .split(',')
    .filter((token) => token !== '');
};
