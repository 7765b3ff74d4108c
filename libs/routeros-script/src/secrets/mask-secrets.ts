import { readCall } from '../explain/call.js';
import type { Branch, Leaf, SyntaxNode } from '../syntax/nodes.js';
import { isBranch, leavesOf } from '../syntax/nodes.js';
import { parseScript } from '../syntax/parser.js';
import { isSecret } from './secret-names.js';

const MASK = '***';
/** Scripts in strings of scripts in strings; deeper ones are masked as a whole. */
const DEEPEST = 4;

/**
 * The script with `***` in the place of every literal that may be a secret: values of parameters, variables and array elements with such
 * names, credentials in addresses and headers, what comments say of them; scripts within strings too. No command is ever hidden by a
 * mask, so that nobody can hide one behind a name.
 */
export const maskSecrets = (source: string): string => masked(source, 0);

function masked(source: string, depth: number): string {
  return new Masking(depth).commands(parseScript(source)).replaceAll(/(?:\*\*\*){2,}/g, MASK);
}

const literal: ReadonlySet<Leaf['kind']> = new Set(['word', 'text', 'escape', 'equals', 'unknown']);
const assigning: ReadonlySet<string | null> = new Set(['local', 'global', 'set']);

class Masking {
  /** Every word in the menu of communities may be the name of one, which is its secret. */
  #inCommunities = false;

  constructor(private readonly depth: number) {}

  commands(block: Branch): string {
    const outside = this.#inCommunities;
    const text = block.children.map((node) => (isBranch(node) && node.kind === 'command' ? this.#command(node) : this.#node(node, false)));
    this.#inCommunities = outside;
    return text.join('');
  }

  #command(command: Branch): string {
    const call = readCall(command);
    const outside = this.#inCommunities;
    if (call.absolute || call.menu.length > 0) this.#inCommunities = call.menu.includes('community');
    const assigned = call.menu.length === 0 && assigning.has(call.verb) ? call.operands[0] : undefined;
    const isSecretAssigned = assigned !== undefined && isSecret(textOf(assigned));
    const text = command.children.map((node) =>
      this.#node(node, this.#inCommunities || (isSecretAssigned && node !== assigned && isBranch(node))),
    );
    if (call.verb !== null && call.menu.length > 0) this.#inCommunities = outside;
    return text.join('');
  }

  #node(node: SyntaxNode, secret: boolean): string {
    if (!isBranch(node)) return this.#leaf(node, secret);
    switch (node.kind) {
      case 'parameter': {
        const [name] = node.children;
        const named = name !== undefined && !isBranch(name) ? name.text : '';
        return this.#children(node, secret || isSecret(named) || named === 'value');
      }
      case 'string':
        return secret ? this.#children(node, true) : this.#string(node);
      case 'expression':
        if (isElement(node)) return this.#children(node, false);
        return this.#children(node, secret || node.children.some((child) => isSecret(textOf(child))));
      case 'block':
      case 'substitution':
        // Commands are shown wherever they stand; only what they are given may be secret.
        return secret ? this.#children(node, true) : this.commands(node);
      case 'command':
        // A lone word in an array reads like a command.
        if (secret && node.children.every((child) => !isBranch(child) && /^[^/:]/.test(child.text))) return MASK;
        return this.#children(node, secret);
      default:
        return this.#children(node, secret);
    }
  }

  /** `"password"="…"` is an element of an array. */
  #children(branch: Branch, secret: boolean): string {
    let isValue = secret;
    const text = branch.children.map((node, index) => {
      const before = branch.children[index - 1];
      if (!isBranch(node) && node.kind === 'equals' && before && isSecret(textOf(before))) isValue = true;
      return this.#node(node, isValue);
    });
    return text.join('');
  }

  #leaf({ kind, text }: Leaf, secret: boolean): string {
    if (kind === 'comment') return withoutConfidences(text);
    return secret && literal.has(kind) && !/^[=.,]$/.test(text) ? MASK : withoutCredentials(text);
  }

  /** May hold a script of its own, a document, or an address. */
  #string(string: Branch): string {
    const source = textOf(string);
    const inside = string.children
      .filter((node) => isBranch(node) || node.kind !== 'quote')
      .map((node) => (isBranch(node) ? textOf(node) : decoded(node)));
    const text = inside.join('');
    const safe = this.depth === DEEPEST ? MASK : withoutCredentials(masked(text, this.depth + 1));
    return safe === text ? source : `"${safe.replaceAll(/["\\]/g, '\\$&')}"`;
  }
}

/** `($config->"password")`: a name. */
function isElement(expression: Branch): boolean {
  const parts = expression.children.filter((node) => isBranch(node) || !/^(?:open|close|space)$/.test(node.kind));
  const [, arrow] = parts;
  return parts.length === 3 && arrow !== undefined && !isBranch(arrow) && arrow.text === '->';
}

/** A comment is masked from the first secret on that it tells. */
function withoutConfidences(comment: string): string {
  for (const match of comment.matchAll(/(?<![\w-])([\w-]{1,64})(?:\s{0,8}[:=]\s{0,8}|\s{1,8}is\s{1,8})(?=\S)/g)) {
    if (isSecret(match[1] ?? '')) return comment.slice(0, match.index + match[0].length) + MASK;
  }
  return withoutCredentials(comment);
}

/** Nothing here reaches over what could end a command, or begin one. */
function withoutCredentials(text: string): string {
  return text
    .replaceAll(/(:\/\/[^\s/@:]{0,100}:)[^\s/@;[{(]{1,200}@/g, `$1${MASK}@`)
    .replaceAll(/(authorization\s{0,4}[:=]\s{0,4})[^,;"\r\n[{(]+/gi, `$1${MASK}`)
    .replaceAll(/\b((?:bearer|basic)\s{1,4})[\w.~+/=-]+/gi, `$1${MASK}`)
    .replaceAll(/("[\w-]{1,64}"\s{0,4}:\s{0,4}")[^";\r\n[{(]+/g, (all, name: string) => (isSecret(name) ? name + MASK : all));
}

const control: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', _: ' ' };

function decoded({ kind, text }: Leaf): string {
  if (kind !== 'escape') return kind === 'continuation' ? '' : text;
  const code = text.slice(1);
  return /^[0-9A-F]{2}$/.test(code) ? String.fromCharCode(Number.parseInt(code, 16)) : (control[code] ?? code);
}

const textOf = (node: SyntaxNode): string => [...leavesOf(node)].map(({ text }) => text).join('');
