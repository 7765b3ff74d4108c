/** Where a node stands: `start` and `end` in UTF-16 units, as `String.slice` counts; the bytes in UTF-8, as a router reports columns. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly startByte: number;
  readonly endByte: number;
}

export type LeafKind =
  | 'space'
  | 'newline'
  | 'continuation' // a backslash, the end of its line, and the indent of the next
  | 'separator'
  | 'comment'
  | 'menu' // one segment of a path, its slash included
  | 'verb' // what the command does, its colon included
  | 'name' // of a parameter
  | 'equals'
  | 'word'
  | 'variable' // the dollar sign and the name
  | 'dollar' // before a quoted name, an expression or a substitution
  | 'quote'
  | 'text'
  | 'escape'
  | 'open'
  | 'close'
  | 'unknown';

export type BranchKind =
  | 'script'
  | 'command'
  | 'parameter' // name, equals, and the value if there is one
  | 'value'
  | 'argument' // a value without a name
  | 'string'
  | 'block' // { … }: commands, or the elements of an array
  | 'substitution' // [ … ]
  | 'expression'; // ( … )

export interface Leaf extends Span {
  readonly kind: LeafKind;
  readonly text: string;
}

export interface Branch extends Span {
  readonly kind: BranchKind;
  readonly children: readonly SyntaxNode[];
}

export interface ScriptNode extends Branch {
  readonly kind: 'script';
}

export type SyntaxNode = Leaf | Branch;

export const isBranch = (node: SyntaxNode): node is Branch => 'children' in node;

/** Every leaf below a node in the order of the source. Their texts, joined, are the source of the node. */
export function* leavesOf(node: SyntaxNode): Generator<Leaf> {
  if (!isBranch(node)) {
    yield node;
    return;
  }
  for (const child of node.children) yield* leavesOf(child);
}
