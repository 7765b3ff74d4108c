import type { FuzzedRoute } from './fuzz-stack.js';
import { resolved, wireBytes, type Symbols, type WireText } from './wire-text.js';

export interface RequestDraft {
  readonly service: FuzzedRoute['service'];
  /** The route that it aims at, as the service declares it; where it gets depends on `target`. */
  readonly route: string;
  readonly method: string;
  readonly target: WireText;
  readonly version: string;
  /** Of its head, without their ends. */
  readonly lines: readonly WireText[];
  readonly body: WireText;
  /** How its end is told; `said`: by its lines alone, if at all. */
  readonly framing: 'length' | 'chunked' | 'said';
  /** Its head is such that how many requests this is depends on who reads it. */
  readonly isBroken: boolean;
}

const chunkBytes = 50;

const chunked = (body: Buffer): Buffer => {
  const cut = body.subarray(0, chunkBytes);
  const rest = body.subarray(chunkBytes);
  const parts = [cut, rest].filter(({ length }) => length > 0);
  return Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
    Buffer.from('0\r\n\r\n'),
  ]);
};

export interface Rendering {
  readonly symbols: Symbols;
  readonly host: string;
  readonly requestId: string;
  readonly closes: boolean;
}

/** The bytes of a request. Only the symbols, the host and the ids differ between one run and the next. */
export const rendered = (draft: RequestDraft, { symbols, host, requestId, closes }: Rendering): Buffer => {
  const body = wireBytes(resolved(draft.body, symbols));
  const lines = [
    `${draft.method} ${draft.target} ${draft.version}`.trimEnd(),
    `Host: ${host}`,
    ...(closes ? ['Connection: close'] : []),
    `Request-Id: ${requestId}`,
    ...draft.lines,
    ...(draft.framing === 'length' ? [`Content-Length: ${body.length}`] : []),
    ...(draft.framing === 'chunked' ? ['Transfer-Encoding: chunked'] : []),
  ];
  const head = wireBytes(resolved(`${lines.join('\r\n')}\r\n\r\n`, symbols));
  return Buffer.concat([head, draft.framing === 'chunked' ? chunked(body) : body]);
};
