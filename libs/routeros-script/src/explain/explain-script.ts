import type { SyntaxNode } from '../syntax/nodes.js';
import { isBranch } from '../syntax/nodes.js';
import { parseScript } from '../syntax/parser.js';
import type { Step } from './step.js';
import { merged, plural } from './step.js';
import { stepsOf } from './walk.js';

export interface ExplainOptions {
  /** In characters; 600 unless told. */
  readonly maxLength?: number;
}

const DEFAULT_LENGTH = 600;
const MOST_SENTENCES = 8;

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
  let kept: readonly Step[] = changing.length > 0 ? changing : told;
  let left = unknown;
  for (;;) {
    const text = kept.length > MOST_SENTENCES ? null : paragraph(kept, left, steps.length > 0 || damaged !== '') + damaged;
    if (text !== null && text.length <= limit) return text;
    const dropped = leastTelling(kept);
    if (!dropped) return cut(text ?? '', limit);
    kept = kept.filter((step) => step !== dropped);
    left += dropped.commands;
  }
}

/** Of those that weigh least, the last. */
function leastTelling(steps: readonly Step[]): Step | undefined {
  const least = Math.min(...steps.map(({ weight }) => weight));
  return steps.findLast(({ weight }) => weight === least);
}

function paragraph(steps: readonly Step[], left: number, anything: boolean): string {
  if (steps.length === 0) {
    if (left > 0) return `This script runs ${plural(left, 'command')} that could not be explained.`;
    return anything ? 'This script changes nothing that could be recognised.' : 'This script does nothing.';
  }
  const clauses = steps.map(({ clause }) => clause);
  const last = clauses.length - 1;
  const sentences = clauses.map((clause, index) => {
    const opening = index === 0 ? 'This script' : index === last && last > 1 && left === 0 ? 'Finally, it' : 'It then';
    const others = index === last && left > 0 ? `, and runs ${plural(left, 'other command')}` : '';
    return `${opening} ${clause}${others}.`;
  });
  return sentences.join(' ');
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
