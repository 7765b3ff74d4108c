import type { Branch, BranchKind, Leaf, LeafKind, SyntaxNode } from './nodes.js';

/** Makes leaves one after the other, so that each begins where the one before it ended. */
export class TreeBuilder {
  #at = 0;
  #byte = 0;

  /** Where the next leaf begins. */
  get at(): number {
    return this.#at;
  }

  leaf(kind: LeafKind, text: string): Leaf {
    const start = this.#at;
    const startByte = this.#byte;
    this.#at += text.length;
    this.#byte += utf8Length(text);
    return { kind, text, start, end: this.#at, startByte, endByte: this.#byte };
  }

  /** A branch of nodes already made; an empty one stands at the present place. */
  branch(kind: BranchKind, children: readonly SyntaxNode[]): Branch {
    const first = children[0];
    const start = first?.start ?? this.#at;
    const startByte = first?.startByte ?? this.#byte;
    return { kind, children, start, end: this.#at, startByte, endByte: this.#byte };
  }
}

/** A lone surrogate counts as the replacement character that an encoder makes of it. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
