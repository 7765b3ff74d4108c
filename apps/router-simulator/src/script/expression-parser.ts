import { parseDuration } from '../router/router-time.js';
import { Duration, fromWord, type Literal } from './literal.js';
import { binding, isComparison, takeOperator, unaryBinding } from './operator-syntax.js';
import type { SourceReader } from './source-reader.js';
import { readBracedText, readEscape } from './text-literals.js';
import type { Expression, Statement } from './syntax-tree.js';
import { toText } from './values.js';

const joined = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: 'and', left, right });

/** Values and the language of `( … )`; commands inside `[ … ]` are read by the statement parser. */
export abstract class ExpressionParser {
  constructor(protected readonly reader: SourceReader) {}

  protected abstract statementsUntil(closing: ']' | '}'): Statement[];

  /** The value of an argument: no operators outside of parentheses. Menus take bare words as they are, `:` commands as what they mean. */
  protected value(words: 'typed' | 'plain'): Expression {
    const { reader } = this;
    if (reader.peek() === '{') return words === 'typed' ? this.array() : { kind: 'literal', value: readBracedText(reader) };
    const bracketed = this.bracketed();
    if (bracketed) return bracketed;
    const word = reader.take(/[^\s;[\](){}"$\\]+/y);
    if (word === null) return reader.fail();
    return { kind: 'literal', value: words === 'typed' ? fromWord(word) : word };
  }

  /** `name=x and (disabled=no) comment~"y"`: terms side by side must all hold. */
  protected conditions(): Expression | null {
    let all: Expression | null = null;
    for (;;) {
      this.reader.skipBlanks();
      if (this.reader.done || this.reader.looksLike(/[\n;\]})]/y)) return all;
      const term = this.operation(0, true);
      all = all === null ? term : joined(all, term);
    }
  }

  private bracketed(): Expression | null {
    switch (this.reader.peek()) {
      case '"':
        return this.quoted();
      case '$':
        return this.variable();
      case '[':
        return this.substitution();
      case '(':
        return this.parenthesised(false);
      default:
        return null;
    }
  }

  private parenthesised(properties: boolean): Expression {
    const { reader } = this;
    reader.offset += 1;
    reader.skipSpace();
    if (reader.peek() === ')') {
      reader.offset += 1;
      return { kind: 'literal', value: undefined };
    }
    const inner = this.operation(0, properties);
    reader.skipSpace();
    if (reader.peek() !== ')') reader.fail();
    reader.offset += 1;
    return inner;
  }

  /** Climbs the operators that bind tighter than `floor`. */
  private operation(floor: number, properties: boolean): Expression {
    const { reader } = this;
    const skip = (): void => (properties ? reader.skipBlanks() : reader.skipSpace());
    skip();
    let left = this.operand(properties);
    for (;;) {
      const before = reader.offset;
      skip();
      const operator = takeOperator(reader, properties);
      if (operator === null || binding[operator] <= floor) {
        reader.offset = before;
        return left;
      }
      const right = properties && isComparison(operator) ? this.comparedWith() : this.operation(binding[operator], properties);
      left = { kind: 'binary', operator, left, right };
    }
  }

  /** The right side of a condition is a value, never a property; it may follow the operator at once or after blanks. */
  private comparedWith(): Expression {
    this.reader.skipBlanks();
    if (this.reader.done || this.reader.looksLike(/[\n;\])}]/y)) return { kind: 'literal', value: '' };
    return this.value('plain');
  }

  private operand(properties: boolean): Expression {
    const { reader } = this;
    const sign = reader.take(/[!~-](?!=)/y);
    if (sign !== null) return { kind: 'unary', operator: sign as '!' | '~' | '-', operand: this.operation(unaryBinding, properties) };
    if (reader.take(/any\b/y) !== null) return { kind: 'unary', operator: 'any', operand: this.operation(unaryBinding, properties) };
    if (properties && reader.peek() === '(') return this.parenthesised(true);
    if (reader.peek() === '{') return this.array();
    const bracketed = this.bracketed();
    if (bracketed) return bracketed;
    if (properties) {
      const name = reader.take(/[A-Za-z.][\w.-]*/y);
      return name === null ? reader.fail() : { kind: 'property', name };
    }
    return { kind: 'literal', value: this.literal() };
  }

  private literal(): Literal {
    const { reader } = this;
    const time = reader.take(/(?:\d+(?:ms|[wdhms]))+(?!\w)|(?:\d+w)?(?:\d+d)?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?/y);
    if (time !== null) return new Duration(parseDuration(time) ?? 0);
    const address = reader.take(/\d+\.\d+\.\d+\.\d+(?:\/\d+)?/y);
    if (address !== null) return address;
    const word = reader.take(/0x[0-9A-Fa-f]+|\d+|\*[0-9A-Fa-f]+|[A-Za-z_][\w-]*/y);
    return word === null ? reader.fail() : fromWord(word);
  }

  protected variable(): Expression {
    const { reader } = this;
    reader.offset += 1;
    const quotedName = reader.take(/"[^"\n]*"/y);
    if (quotedName !== null) return { kind: 'variable', name: quotedName.slice(1, -1) };
    const name = reader.take(/[A-Za-z0-9]+/y);
    return name === null ? reader.fail() : { kind: 'variable', name };
  }

  protected substitution(): Expression {
    this.reader.offset += 1;
    return { kind: 'substitution', body: this.statementsUntil(']') };
  }

  private array(): Expression {
    const { reader } = this;
    reader.offset += 1;
    const items: { key: Expression | null; value: Expression }[] = [];
    for (;;) {
      reader.take(/(?:[\s;]|\\\r?\n)+/y);
      if (reader.done) reader.fail('missing closing brace');
      if (reader.peek() === '}') break;
      const key = reader.take(/(?:[\w.-]+|"(?:[^"\\\n]|\\.)*")(?==)/y);
      if (key !== null) {
        reader.offset += 1;
        const name = key.startsWith('"') ? key.slice(1, -1) : key;
        items.push({ key: { kind: 'literal', value: name }, value: this.value('typed') });
      } else {
        items.push({ key: null, value: this.value('typed') });
      }
    }
    reader.offset += 1;
    return { kind: 'array', items };
  }

  private quoted(): Expression {
    const { reader } = this;
    reader.offset += 1;
    const parts: Expression[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') parts.push({ kind: 'literal', value: text });
      text = '';
    };
    for (;;) {
      text += reader.take(/[^"\\$]+/y) ?? '';
      if (reader.done) reader.fail();
      const next = reader.peek();
      if (next === '"') break;
      if (next === '\\') {
        text += readEscape(reader);
        continue;
      }
      const inner = this.interpolation();
      if (inner === null) {
        text += '$';
        reader.offset += 1;
        continue;
      }
      flush();
      parts.push(inner);
    }
    reader.offset += 1;
    flush();
    if (parts.every((part) => part.kind === 'literal')) return { kind: 'literal', value: parts.map((part) => toText(part.value)).join('') };
    return { kind: 'template', parts };
  }

  private interpolation(): Expression | null {
    const { reader } = this;
    if (reader.peek(1) === '[') {
      reader.offset += 1;
      return this.substitution();
    }
    if (reader.peek(1) === '(') {
      reader.offset += 1;
      return this.parenthesised(false);
    }
    return /[A-Za-z0-9]/.test(reader.peek(1)) ? this.variable() : null;
  }
}
