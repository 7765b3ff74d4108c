import type { Branch, SyntaxNode } from '../syntax/nodes.js';
import { isBranch } from '../syntax/nodes.js';

/** A command as the explainer reads it: whose menu, which verb, with what. */
export interface Call {
  readonly menu: readonly string[];
  /** The menu begins at the root, whatever menu the script is in. */
  readonly absolute: boolean;
  /** Without its colon or slash; null for a line that only changes the menu. */
  readonly verb: string | null;
  readonly ofLanguage: boolean;
  readonly parameters: ReadonlyMap<string, Branch | null>;
  readonly operands: readonly Branch[];
}

export function readCall(command: Branch): Call {
  const menu: string[] = [];
  let verb: string | null = null;
  let absolute = false;
  let ofLanguage = false;
  const parameters = new Map<string, Branch | null>();
  const operands: Branch[] = [];
  command.children.forEach((node, index) => {
    if (isBranch(node)) {
      if (node.kind === 'argument') operands.push(node);
      else if (node.kind === 'parameter') parameters.set(nameOf(node), node.children.find(isBranch) ?? null);
    } else if (node.kind === 'menu' || node.kind === 'verb') {
      if (index === 0 && node.text.startsWith('/')) absolute = true;
      if (index === 0 && node.text.startsWith(':')) ofLanguage = true;
      const word = node.text.replace(/^[/:]/, '').toLowerCase();
      if (node.kind === 'verb') verb = word;
      else if (word !== '') menu.push(word);
    }
  });
  return { menu, absolute, verb, ofLanguage, parameters, operands };
}

function nameOf(parameter: Branch): string {
  const first = parameter.children[0];
  return first && !isBranch(first) ? first.text : '';
}

/** The text a value has whatever the router's state, or null if it is computed. */
export function literalOf(value: Branch | null | undefined, keepLines = false): string | null {
  if (!value) return value === null ? '' : null;
  let text = '';
  for (const node of value.children) {
    const part = isBranch(node)
      ? node.kind === 'string'
        ? literalOf(node, keepLines)
        : null
      : literalLeaf(node.kind, node.text, keepLines);
    if (part === null) return null;
    text += part;
  }
  return text;
}

function literalLeaf(kind: string, text: string, keepLines: boolean): string | null {
  if (keepLines && kind === 'escape' && /^\\[nr]$/.test(text)) return '\n';
  if (keepLines && kind === 'escape' && text === '\\$') return '$';
  if (kind === 'word' || kind === 'text' || kind === 'equals') return text;
  if (kind === 'escape') return text.slice(1).replace(/^[0-9A-F]{2}$|^[abfnrtv_]$/, ' ');
  return kind === 'quote' || kind === 'continuation' ? '' : null;
}

/** The groups of one kind directly inside a value. */
export const groupsIn = (value: Branch | null | undefined, kind: Branch['kind']): readonly Branch[] =>
  (value?.children ?? []).filter((node: SyntaxNode): node is Branch => isBranch(node) && node.kind === kind);

/** The menu that a command is in, given the one that the script is in. */
export function pathOf(call: Call, here: readonly string[]): readonly string[] {
  const path = call.absolute ? [] : [...here];
  for (const segment of call.menu) {
    if (segment === '..') path.pop();
    else path.push(segment);
  }
  return path;
}
