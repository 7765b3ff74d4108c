import { isSecret } from '../secrets/secret-names.js';
import type { Branch, SyntaxNode } from '../syntax/nodes.js';
import { isBranch } from '../syntax/nodes.js';
import type { Call } from './call.js';
import { literalOf, readCall } from './call.js';
import { quoted, shown } from './showing.js';

const comparisons: Readonly<Record<string, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is less than',
  '>': 'is more than',
  '<=': 'is at most',
  '>=': 'is at least',
  '~': 'matches',
};

/** What an operand of `:if` or the like asks: "$name is not "ether1"", "there is no such route"; null where it would be a puzzle. */
export function conditionOf(call: Call, parameter?: string): string | null {
  const value = parameter === undefined ? call.operands[0] : (call.parameters.get(parameter) ?? undefined);
  const group = value?.children.find(isBranch);
  if (!value || !group || group.kind !== 'expression' || value.children.length > 1) return null;
  return askedBy(inside(group));
}

/** Without brackets and spaces; `!=` and its like in one piece. */
function inside(group: Branch): readonly (SyntaxNode | string)[] {
  const parts: (SyntaxNode | string)[] = [];
  for (const node of group.children) {
    if (!isBranch(node) && /^(?:open|close|space|newline|continuation)$/.test(node.kind)) continue;
    const before = parts.at(-1);
    if (isBranch(node)) parts.push(node);
    else if (node.kind === 'equals' && typeof before === 'string' && /^[!<>]$/.test(before)) parts[parts.length - 1] = `${before}=`;
    else if (node.kind === 'word' || node.kind === 'equals') parts.push(node.text);
    else parts.push(node);
  }
  return parts;
}

function askedBy(parts: readonly (SyntaxNode | string)[]): string | null {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && typeof only !== 'string' && isBranch(only) && only.kind === 'expression')
    return askedBy(inside(only));
  if (parts.length === 2 && (only === '!' || only === 'not') && parts[1] !== undefined) return negated(nameOf(parts[1]));
  if (parts.length !== 3) {
    const name = parts.length === 1 && only !== undefined ? nameOf(only) : null;
    return name?.startsWith('$') ? `${name} is true` : null;
  }
  const [left, sign, right] = parts;
  if (left === undefined || right === undefined || typeof sign !== 'string') return null;
  const words = comparisons[sign];
  if (words === undefined) return null;
  if (right === '0' && isCountOfFound(left))
    return { '=': 'there is no such entry', '>': 'there is such an entry', '!=': 'there is such an entry' }[sign] ?? null;
  const [name, value] = [nameOf(left), nameOf(right)];
  return name === null || value === null || !name.startsWith('$') ? null : `${name} ${words} ${isSecret(name) ? 'a certain value' : value}`;
}

const negated = (name: string | null): string | null => (name?.startsWith('$') ? `${name} is false` : null);

/** A variable or a literal. */
function nameOf(part: SyntaxNode | string): string | null {
  if (typeof part === 'string') return /^[\w.:/-]{1,40}$/.test(part) ? (/^(?:yes|no|true|false)$/.test(part) ? part : shown(part)) : null;
  if (!isBranch(part)) return part.kind === 'variable' && part.text.length <= 32 ? part.text : null;
  const text = part.kind === 'string' ? literalOf(part) : null;
  return text === null ? null : quoted(text);
}

/** `[:len [find …]]` */
function isCountOfFound(part: SyntaxNode | string): boolean {
  const count = typeof part === 'string' ? undefined : commandIn(part);
  const operand = count?.verb === 'len' ? count.operands[0]?.children[0] : undefined;
  return operand !== undefined && commandIn(operand)?.verb === 'find';
}

function commandIn(node: SyntaxNode): Call | undefined {
  const command = isBranch(node) && node.kind === 'substitution' ? node.children.find(isBranch) : undefined;
  return command && readCall(command);
}
