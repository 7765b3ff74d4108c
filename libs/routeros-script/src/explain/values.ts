import type { Branch } from '../syntax/nodes.js';
import { isBranch } from '../syntax/nodes.js';

/** The only thing of a value, through brackets that hold nothing else. */
export function soleVariable(value: Branch | null | undefined): string | null {
  const parts = (value?.children ?? []).filter(
    (node) => isBranch(node) || (node.kind !== 'open' && node.kind !== 'close' && node.kind !== 'space'),
  );
  const [only] = parts;
  if (!only || parts.length > 1) return null;
  if (isBranch(only)) return only.kind === 'expression' ? soleVariable(only) : null;
  return only.kind === 'variable' && only.text.length <= 32 ? only.text : null;
}
