import type { StringTokenKind, Token } from './lexer.js';
import { commentAt, stringTokenAt, tokenAt } from './lexer.js';
import { headSegments } from './head.js';
import type { BranchKind, LeafKind, ScriptNode, SyntaxNode } from './nodes.js';
import { TreeBuilder } from './tree-builder.js';

/** Deeper brackets become one `unknown` leaf, so that nobody who walks a tree needs to fear for the stack. */
export const MAX_NESTING = 200;

const closerOf: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const groupKind = (opener: string): BranchKind => (opener === '(' ? 'expression' : opener === '[' ? 'substitution' : 'block');

/**
 * The concrete syntax tree of a script. Total and lossless: whatever the text, the texts of the leaves joined are the source again, and
 * what the grammar does not know is an `unknown` leaf. A missing closer is only missing: the tree has no node for it.
 */
export function parseScript(source: string): ScriptNode {
  return new Parser(source).script();
}

class Parser {
  readonly #source: string;
  readonly #tree = new TreeBuilder();
  /** Closers that somebody further out waits for; any other closer is stray. */
  readonly #awaited: Record<string, number> = { ')': 0, ']': 0, '}': 0 };
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  script(): ScriptNode {
    const children = this.#commands();
    return { ...this.#tree.branch('script', children), kind: 'script' };
  }

  #peek = (): Token => tokenAt(this.#source, this.#tree.at);
  #take = (kind: LeafKind, text: string): SyntaxNode => this.#tree.leaf(kind, text);

  #isAwaited(token: Token): boolean {
    return token.kind === 'close' && (this.#awaited[token.text] ?? 0) > 0;
  }

  #commands(): SyntaxNode[] {
    const children: SyntaxNode[] = [];
    for (let token = this.#peek(); token.kind !== 'end' && !this.#isAwaited(token); token = this.#peek()) {
      const comment = commentAt(this.#source, this.#tree.at);
      if (comment !== null) children.push(this.#take('comment', comment));
      else if (token.kind === 'close') children.push(this.#take('unknown', token.text));
      else if (token.kind === 'space' || token.kind === 'newline' || token.kind === 'continuation' || token.kind === 'separator')
        children.push(this.#take(token.kind, token.text));
      else children.push(this.#command());
    }
    return children;
  }

  #command(): SyntaxNode {
    const children = this.#head();
    for (let token = this.#peek(); !this.#endsCommand(token); token = this.#peek()) {
      if (token.kind === 'space' || token.kind === 'continuation') children.push(this.#take(token.kind, token.text));
      else if (token.kind === 'word' && tokenAt(this.#source, this.#tree.at + token.text.length).kind === 'equals')
        children.push(this.#parameter(token.text));
      else children.push(this.#tree.branch('argument', this.#parts()));
    }
    return this.#tree.branch('command', children);
  }

  #endsCommand(token: Token): boolean {
    return token.kind === 'end' || token.kind === 'newline' || token.kind === 'separator' || this.#isAwaited(token);
  }

  #head(): SyntaxNode[] {
    return headSegments(this.#source, this.#tree.at).map(({ kind, text }) => this.#take(kind, text));
  }

  #parameter(name: string): SyntaxNode {
    const children = [this.#take('name', name), this.#take('equals', '=')];
    const next = this.#peek();
    // Exports break their lines behind the sign: the value then stands on the next line.
    if (next.kind === 'continuation') children.push(this.#take('continuation', next.text));
    const value = this.#parts();
    if (value.length > 0) children.push(this.#tree.branch('value', value));
    return this.#tree.branch('parameter', children);
  }

  /** What stands together without a space: `10.0.0.$i`, `"a".$b`, `(1 + 2)`. */
  #parts(): SyntaxNode[] {
    const parts: SyntaxNode[] = [];
    for (let token = this.#peek(); !this.#endsCommand(token); token = this.#peek()) {
      if (token.kind === 'space' || token.kind === 'continuation') break;
      parts.push(this.#part(token));
    }
    return parts;
  }

  #part(token: Token): SyntaxNode {
    switch (token.kind) {
      case 'open':
        return this.#group(token.text);
      case 'quote':
        return this.#string();
      case 'close':
      case 'end':
        return this.#take('unknown', token.text);
      default:
        return this.#take(token.kind, token.text);
    }
  }

  #group(opener: string): SyntaxNode {
    const closer = closerOf[opener] ?? '';
    if (this.#depth >= MAX_NESTING) return this.#take('unknown', this.#nested(opener, closer));
    const open = this.#take('open', opener);
    this.#depth += 1;
    this.#awaited[closer] = (this.#awaited[closer] ?? 0) + 1;
    const children = [open].concat(opener === '(' ? this.#operands() : this.#commands());
    this.#awaited[closer] -= 1;
    this.#depth -= 1;
    if (this.#source[this.#tree.at] === closer) children.push(this.#take('close', closer));
    return this.#tree.branch(groupKind(opener), children);
  }

  #operands(): SyntaxNode[] {
    const children: SyntaxNode[] = [];
    for (let token = this.#peek(); token.kind !== 'end' && !this.#isAwaited(token); token = this.#peek()) children.push(this.#part(token));
    return children;
  }

  #string(): SyntaxNode {
    const children = [this.#take('quote', '"')];
    for (;;) {
      const token: Token<StringTokenKind> = stringTokenAt(this.#source, this.#tree.at);
      if (token.kind === 'end') break;
      children.push(this.#take(token.kind, token.text));
      if (token.kind === 'quote') break;
      if (token.kind === 'dollar') children.push(this.#part(this.#peek()));
    }
    return this.#tree.branch('string', children);
  }

  /** From an opener to its closer or to the end, by counting. */
  #nested(opener: string, closer: string): string {
    let open = 0;
    let end = this.#tree.at;
    do {
      if (this.#source[end] === opener) open += 1;
      if (this.#source[end] === closer) open -= 1;
      end += 1;
    } while (open > 0 && end < this.#source.length);
    return this.#source.slice(this.#tree.at, end);
  }
}
