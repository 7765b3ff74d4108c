import { ArgumentParser, endOfStatement } from './argument-parser.js';
import { isLanguageCommand, type CommandTree } from './command-grammar.js';
import { ScriptSyntaxError, SourceReader } from './source-reader.js';
import type { Statement } from './syntax-tree.js';
import { toText } from './values.js';

const wordPattern = /[A-Za-z0-9][\w-]*/y;

/** Reads a whole script. Throws `ScriptSyntaxError`; names that do not exist become statements that fail when they are reached. */
export const parseScript = (text: string, tree: CommandTree): Statement[] => {
  const reader = new SourceReader(text);
  try {
    return new ScriptParser(reader, tree).script();
  } catch (error) {
    // Brackets in brackets, thousands deep.
    if (error instanceof RangeError) return reader.fail();
    throw error;
  }
};

export const canBeRead = (text: string, tree: CommandTree): boolean => {
  try {
    parseScript(text, tree);
    return true;
  } catch (error) {
    if (error instanceof ScriptSyntaxError) return false;
    throw error;
  }
};

class ScriptParser extends ArgumentParser {
  /** The menu that relative commands start from; `/ip address` alone on a line moves it. */
  private menu = '';

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
        return { kind: 'evaluate', expression: this.value('typed'), at };
      default:
        return this.command();
    }
  }

  protected block(): Statement[] {
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
      if (found?.kind === 'command') return this.inMenuOf(found.path, () => this.withArguments(found.path, at));
      if (found === null && reader.peek() === '/') reader.fail();
      if (found === null) return this.unknownCommand(word, start);
      menu = found.path;
      if (reader.peek() === '/') {
        if (!tree.slashPaths) reader.fail();
        reader.offset += 1;
      }
    }
  }

  /** `[find …]` among the arguments of a menu's command means that menu. */
  private inMenuOf(path: string, read: () => Statement): Statement {
    const outer = this.menu;
    if (!isLanguageCommand(path)) this.menu = path.slice(0, path.lastIndexOf('/'));
    const statement = read();
    this.menu = outer;
    return statement;
  }

  /** `:` commands can be used from every menu, also without the colon, where the menu has no command of that name. */
  private lookUp(menu: string, word: string, prefix: string | null): { kind: 'menu' | 'command'; path: string } | null {
    const language = this.tree.hasLanguageCommand(word) ? { kind: 'command' as const, path: `/${word}` } : null;
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
    for (const { name, value } of this.passedArguments('plain')) words.push(name ?? (value.kind === 'literal' ? toText(value.value) : '$'));
    return { kind: 'late-error', message: `bad command name ${word} (line ${at.line} column ${at.column})`, words, path: null, at };
  }
}
