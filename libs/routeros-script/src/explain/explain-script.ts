import type { SyntaxNode } from '../syntax/nodes.js';
import { isBranch } from '../syntax/nodes.js';
import { parseScript } from '../syntax/parser.js';
import { paragraph } from './paragraph.js';
import type { Step } from './step.js';
import { gravesOf, merged } from './step.js';
import { stepsOf } from './walk.js';

export interface ExplainOptions {
  /** In characters; 600 unless told. */
  readonly maxLength?: number;
}

const DEFAULT_LENGTH = 600;
const MOST_CLAUSES = 12;

/**
 * What a script does, in one short paragraph of plain English. Deterministic, never longer than asked, total: any text has an explanation.
 * Names and addresses of the script are quoted; the values of secrets, messages, comments and scripts within it never are.
 */
export function explainScript(source: string, options: ExplainOptions = {}): string {
  const { maxLength = DEFAULT_LENGTH } = options;
  const limit = Number.isFinite(maxLength) ? Math.max(0, Math.floor(maxLength)) : DEFAULT_LENGTH;
  const script = parseScript(source);
  const steps = stepsOf(script);
  const unknown = steps.filter((step) => step.unknown).length;
  const told = merged(steps.filter((step) => !step.unknown));
  const changing = told.filter(({ weight }) => weight > 0);
  const damaged = hasUnreadable(script) ? ' Parts of it could not be read.' : '';
  const anything = steps.length > 0 || damaged !== '';
  let kept = mostTelling(changing.length > 0 ? changing : told, MOST_CLAUSES);
  for (;;) {
    const left = unknown + commandsOf(changing.length > 0 ? changing : told) - commandsOf(kept);
    const text = paragraph(kept, left, anything) + damaged;
    if (text.length <= limit) return text;
    if (kept.length === 0) return cut(text, limit);
    kept = mostTelling(kept, kept.length - 1);
  }
}

const commandsOf = (steps: readonly Step[]): number => steps.reduce((sum, { commands }) => sum + commands, 0);

/** So many of them in their order; of those that weigh least, the first. */
function mostTelling(steps: readonly Step[], count: number): readonly Step[] {
  if (steps.length <= count) return steps;
  const chosen = new Set(steps.toSorted((a, b) => b.weight - a.weight).slice(0, count));
  return steps.filter((step) => chosen.has(step));
}

/** Something unknown, or brackets or quotes that never close. */
function hasUnreadable(node: SyntaxNode): boolean {
  if (!isBranch(node)) return node.kind === 'unknown';
  const first = node.children[0];
  const last = node.children.at(-1);
  if (first?.kind === 'open' && last?.kind !== 'close') return true;
  if (first?.kind === 'quote' && (last?.kind !== 'quote' || last === first)) return true;
  return node.children.some(hasUnreadable);
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return limit === 0 ? '' : `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What a reader must not miss, each as a clause: what can cut the router off, lose data or change who may do what. */
export function gravestOf(source: string): readonly string[] {
  return [...new Set(gravesOf(stepsOf(parseScript(source))))];
}
