import { languageCommands, type CommandGrammar, type CommandTree } from './command-grammar.js';
import { ExpressionParser } from './expression-parser.js';
import { SourceReader } from './source-reader.js';
import { toText } from './values.js';
import type { Argument, Expression, PassedArgument, Position, Statement } from './syntax-tree.js';

const endOfStatement = /[\n;\]}]/y;
const wordPattern = /[A-Za-z0-9][\w-]*/y;
const namePattern = /[A-Za-z.][\w.-]*(?==)/y;

/** Reads a whole script. Throws `ScriptSyntaxError`; names that do not exist become statements that fail when they are reached. */
export const parseScript = (text: string, tree: CommandTree): Statement[] => new ScriptParser(new SourceReader(text), tree).script();

class ScriptParser extends ExpressionParser {
  /** The menu that relative commands start from; `/ip address` alone on a line moves it. */
  private menu = '';

  constructor(
    reader: SourceReader,
    private readonly tree: CommandTree,
  ) {
    super(reader);
  }

  script(): Statement[] {
    const statements = this.statements();
    if (!this.reader.done) this.reader.fail();
    return statements;
  }

  protected statementsUntil(closing: ']' | '}'): Statement[] {
    const { reader, menu } = this;
    const statements = this.statements();
    this.menu = menu;
    if (reader.done) reader.fail(closing === '}' ? 'missing closing brace' : 'syntax error');
    if (reader.peek() !== closing) reader.fail();
    reader.offset += 1;
    return statements;
  }

  private statements(): Statement[] {
    const { reader } = this;
    const statements: Statement[] = [];
    for (;;) {
      while (reader.take(/(?:[\s;]|\\\r?\n)+|#[^\n]*/y) !== null);
      if (reader.done || reader.peek() === '}' || reader.peek() === ']') return statements;
      const statement = this.statement();
      if (statement) statements.push(statement);
      reader.skipBlanks();
      if (!reader.done && !reader.looksLike(endOfStatement)) {
        // `}` of a block may be followed by the next command at once.
        if (reader.text[reader.offset - 1] !== '}') reader.fail('expected end of command');
      }
    }
  }

  private statement(): Statement | null {
    const { reader } = this;
    const at = reader.position();
    switch (reader.peek()) {
      case '{':
        return { kind: 'block', body: this.block() };
      case '$':
        return { kind: 'call', callee: this.variable(), args: this.passedArguments(), at };
      case '[':
      case '(':
        return { kind: 'evaluate', expression: this.value('array'), at };
      default:
        return this.command();
    }
  }

  private block(): Statement[] {
    this.reader.offset += 1;
    return this.statementsUntil('}');
  }

  private command(): Statement | null {
    const { reader, tree } = this;
    const at = reader.position();
    const prefix = reader.take(/[/:]/y);
    let menu = prefix === null ? this.menu : '';
    for (;;) {
      reader.skipBlanks();
      if (reader.done || reader.looksLike(endOfStatement)) {
        this.menu = menu;
        return null;
      }
      if (reader.peek() === '{') return this.menuBlock(menu);
      if (reader.take(/\.\./y) !== null) {
        menu = menu.slice(0, Math.max(0, menu.lastIndexOf('/')));
        continue;
      }
      const start = reader.offset;
      const word = reader.take(wordPattern);
      if (word === null) return reader.fail();
      const found = this.lookUp(menu, word, prefix);
      if (found?.kind === 'command') return this.withArguments(found.path, at);
      if (found === null && reader.peek() === '/') reader.fail();
      if (found === null) return this.unknownCommand(word, start);
      menu = found.path;
      if (reader.peek() === '/') {
        if (!tree.slashPaths) reader.fail();
        reader.offset += 1;
      }
    }
  }

  /** `:` commands can be used from every menu, also without the colon, where the menu has no command of that name. */
  private lookUp(menu: string, word: string, prefix: string | null): { kind: 'menu' | 'command'; path: string } | null {
    const language = Object.hasOwn(languageCommands, word) ? { kind: 'command' as const, path: `/${word}` } : null;
    if (prefix === ':' && menu === '' && language) return language;
    const found = this.tree.resolve(menu, word);
    if (found) return found;
    return menu === this.menu || menu === '' ? language : null;
  }

  private menuBlock(menu: string): Statement {
    const outer = this.menu;
    this.menu = menu;
    const body = this.block();
    this.menu = outer;
    return { kind: 'block', body };
  }

  private unknownCommand(word: string, start: number): Statement {
    const { reader } = this;
    const at = reader.position(start);
    const words = [word];
    for (const { name, value } of this.passedArguments()) words.push(name ?? (value.kind === 'literal' ? toText(value.value) : '$'));
    return { kind: 'late-error', message: `bad command name ${word} (line ${at.line} column ${at.column})`, words, path: null, at };
  }

  private passedArguments(): PassedArgument[] {
    const { reader } = this;
    const args: PassedArgument[] = [];
    for (;;) {
      reader.skipBlanks();
      if (reader.done || reader.looksLike(endOfStatement) || reader.peek() === ')') return args;
      const name = reader.take(namePattern);
      if (name !== null) reader.offset += 1;
      args.push({ name, value: this.assigned('array') });
    }
  }

  /** What follows `name=`; nothing at all is the empty text. */
  private assigned(braces: 'array' | 'text'): Expression {
    const { reader } = this;
    if (reader.done || reader.looksLike(/[\s;\])}]/y)) return { kind: 'literal', value: '' };
    return this.value(braces);
  }

  private withArguments(path: string, at: Position): Statement {
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
        const place = reader.position();
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
    const isLanguage = Object.hasOwn(languageCommands, path.slice(1));
    return this.assigned(grammar.text === true || !isLanguage ? 'text' : 'array');
  }
}
