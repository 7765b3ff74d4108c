import { isLanguageCommand, languageCommands, type CommandGrammar, type CommandTree } from './command-grammar.js';
import { ExpressionParser } from './expression-parser.js';
import type { Position, SourceReader } from './source-reader.js';
import type { Argument, Expression, PassedArgument, Statement } from './syntax-tree.js';

export const endOfStatement = /[\n;\]}]/y;
const namePattern = /[A-Za-z.][\w.-]*(?==)/y;

/** What follows the name of a command, or of a function. */
export abstract class ArgumentParser extends ExpressionParser {
  constructor(
    reader: SourceReader,
    protected readonly tree: CommandTree,
  ) {
    super(reader);
  }

  protected abstract block(): Statement[];

  protected passedArguments(words: 'typed' | 'plain' = 'typed'): PassedArgument[] {
    const { reader } = this;
    const args: PassedArgument[] = [];
    for (;;) {
      reader.skipBlanks();
      if (reader.done || reader.looksLike(endOfStatement) || reader.peek() === ')') return args;
      const name = reader.take(namePattern);
      if (name !== null) reader.offset += 1;
      args.push({ name, value: this.assigned(words) });
    }
  }

  /** What follows `name=`; nothing at all is the empty text. */
  private assigned(words: 'typed' | 'plain'): Expression {
    const { reader } = this;
    if (reader.done || reader.looksLike(/[\s;\])}]/y)) return { kind: 'literal', value: '' };
    return this.value(words);
  }

  protected withArguments(path: string, at: Position): Statement {
    const { reader } = this;
    const grammar = languageCommands[path.slice(1)] ?? this.tree.grammar(path);
    const args: Argument[] = [];
    let where: Expression | null = null;
    let unknown: Statement | null = null;
    for (;;) {
      reader.skipBlanks();
      if (reader.done || reader.looksLike(endOfStatement)) break;
      if (reader.take(/where(?=[\s([!])/y) !== null) {
        where = this.conditions();
        break;
      }
      if (grammar.conditions === 'bare') {
        where = this.conditions();
        break;
      }
      const unset = reader.take(/!(?=[a-z])/y) !== null;
      const name = unset ? reader.take(/[\w.-]+/y) : reader.take(namePattern);
      if (name !== null) {
        const known = this.parameter(grammar, name);
        // RouterOS points behind the name if it is the first argument, else at its start.
        const place = reader.position(args.length === 0 ? reader.offset : reader.offset - name.length);
        if (known === null) unknown ??= this.badParameter(name, path, place);
        if (unset) {
          args.push({ name: known ?? name, value: null, unset: true });
        } else {
          reader.offset += 1;
          args.push({ name: known ?? name, value: this.argumentValue(grammar, known ?? name, path), unset: false });
        }
        continue;
      }
      args.push(this.unnamed(grammar, args, path));
    }
    return unknown ?? { kind: 'command', path, args, where, at };
  }

  private badParameter(name: string, path: string, at: Position): Statement {
    return { kind: 'late-error', message: `bad parameter ${name} (line ${at.line} column ${at.column})`, words: [], path, at };
  }

  private parameter(grammar: CommandGrammar, name: string): string | null {
    if (grammar.parameters === null || grammar.parameters.has(name)) return name;
    const longer = [...grammar.parameters].filter((candidate) => candidate.startsWith(name));
    return longer.length === 1 ? (longer[0] ?? null) : null;
  }

  private unnamed(grammar: CommandGrammar, args: readonly Argument[], path: string): Argument {
    const { reader } = this;
    const start = reader.offset;
    const free = grammar.positional.find((name) => !args.some((argument) => argument.name === name));
    const flag = reader.looksLike(/[a-z]/y) ? reader.take(/[a-z][\w-]*(?=[\s;\]}]|$)/y) : null;
    const positionalName = grammar.rawFirst === true && args.length === 0;
    if (flag !== null && !positionalName && grammar.parameters?.has(flag) === true && !grammar.positional.includes(flag)) {
      return { name: flag, value: null, unset: false };
    }
    reader.offset = start;
    if (free === undefined) return reader.fail('expected end of command');
    if (positionalName) {
      const word = reader.take(/[A-Za-z0-9]+(?:,[A-Za-z0-9]+)*(?=[\s;\]}]|$)|"[^"\n]*"/y);
      if (word !== null) return { name: free, value: { kind: 'literal', value: word.replaceAll('"', '') }, unset: false };
    }
    return { name: free, value: this.argumentValue(grammar, free, path), unset: false };
  }

  private argumentValue(grammar: CommandGrammar, name: string, path: string): Expression {
    const { reader } = this;
    if (grammar.code?.has(name) && reader.peek() === '{') return { kind: 'code', body: this.block() };
    return this.assigned(grammar.text === true || !isLanguageCommand(path) ? 'plain' : 'typed');
  }
}
