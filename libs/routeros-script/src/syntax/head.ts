import { tokenAt } from './lexer.js';
import type { LeafKind } from './nodes.js';
import { languageVerbs, menuVerbs } from './verbs.js';

interface Segment {
  readonly kind: LeafKind;
  readonly text: string;
}

/**
 * The words before the arguments: the path of a menu and the verb. `/ip/firewall/filter/add` and `/ip firewall filter add` are the same.
 * The grammar alone cannot tell a menu from a verb, so the verb is the first word known as one, or else the last word if arguments follow.
 */
export function headSegments(source: string, from: number): readonly Segment[] {
  const segments: Segment[] = [];
  let at = from;
  const push = (kind: LeafKind, text: string): void => {
    segments.push({ kind, text });
    at += text.length;
  };
  for (let token = tokenAt(source, at); ; token = tokenAt(source, at)) {
    if (segments.length > 0 && (token.kind === 'space' || token.kind === 'continuation')) {
      push(token.kind, token.text);
      continue;
    }
    const after = tokenAt(source, at + token.text.length).kind;
    const endsHere = after === 'space' || after === 'newline' || after === 'continuation' || after === 'separator' || after === 'end';
    const blockFollows = after === 'open' || after === 'close';
    if (token.kind !== 'word' || !(endsHere || blockFollows)) break;
    const first = segments.length === 0;
    if (token.text.startsWith(':') || (first && languageVerbs.has(token.text) && !menuVerbs.has(token.text))) {
      push('verb', token.text);
      return segments;
    }
    const parts = /^\/?[^/]+(?:\/[^/]+)*$/.test(token.text) ? (token.text.match(/\/?[^/]+/g) ?? []) : [token.text];
    for (const part of parts.slice(0, -1)) push('menu', part);
    const last = parts.at(-1) ?? '';
    const isVerb = menuVerbs.has(last.replace(/^\//, ''));
    push(isVerb ? 'verb' : 'menu', last);
    if (isVerb) return segments;
  }
  const argumentFollows = !['newline', 'separator', 'end', 'close'].includes(tokenAt(source, at).kind);
  return argumentFollows ? withLastAsVerb(segments) : segments;
}

function withLastAsVerb(segments: readonly Segment[]): readonly Segment[] {
  const last = segments.findLastIndex(({ kind }) => kind === 'menu');
  return segments.map((segment, index) => (index === last ? { kind: 'verb', text: segment.text } : segment));
}
