export interface Answer {
  readonly status: number;
  /** Names in lower case, in the order of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Its head said that it would have no end. */
  readonly endless: boolean;
}

export class BadFraming extends Error {}

export const headerOf = ({ headers }: Pick<Answer, 'headers'>, name: string): string | undefined =>
  headers.find(([one]) => one === name)?.[1];

const statusLine = /^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*)$/;

const readHead = (head: string): Pick<Answer, 'status' | 'headers'> => {
  const [first = '', ...lines] = head.split('\r\n');
  const status = statusLine.exec(first)?.[1];
  if (status === undefined) throw new BadFraming(`no status line: ${JSON.stringify(first.slice(0, 200))}`);
  const headers = lines.map((line) => {
    const [, name, value] = headerLine.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new BadFraming(`no header: ${JSON.stringify(line.slice(0, 200))}`);
    return [name.toLowerCase(), value] as const;
  });
  return { status: Number(status), headers };
};

interface Part {
  readonly body: Buffer;
  /** Where what comes after it begins; null while it is not whole. */
  readonly end: number | null;
}

const readChunks = (bytes: Buffer, start: number): Part => {
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return { body: Buffer.concat(parts), end: null };
    const size = bytes.subarray(at, lineEnd).toString('latin1');
    if (!/^[0-9a-fA-F]+$/.test(size)) throw new BadFraming(`no size of a chunk: ${JSON.stringify(size.slice(0, 50))}`);
    const length = Number.parseInt(size, 16);
    const end = lineEnd + 2 + length;
    if (bytes.length < end + 2) return { body: Buffer.concat(parts), end: null };
    if (bytes.subarray(end, end + 2).toString('latin1') !== '\r\n') throw new BadFraming('a chunk is longer than it says');
    if (length === 0) return { body: Buffer.concat(parts), end: end + 2 };
    parts.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
};

const readBody = (bytes: Buffer, start: number, answer: Pick<Answer, 'status' | 'headers'>, toHead: boolean, closed: boolean): Part => {
  const named = (name: string): readonly string[] => answer.headers.flatMap(([one, value]) => (one === name ? [value] : []));
  const [lengths, codings] = [named('content-length'), named('transfer-encoding')];
  if (lengths.length + codings.length > 1) throw new BadFraming(`framed twice: ${JSON.stringify([lengths, codings])}`);
  const hasNone = toHead || answer.status < 200 || answer.status === 204 || answer.status === 304;
  if (hasNone) return { body: Buffer.alloc(0), end: start };
  if (codings[0] !== undefined) {
    if (codings[0].toLowerCase() !== 'chunked') throw new BadFraming(`transfer-encoding: ${codings[0]}`);
    return readChunks(bytes, start);
  }
  if (lengths[0] === undefined) return { body: bytes.subarray(start), end: closed ? bytes.length : null };
  if (!/^\d+$/.test(lengths[0])) throw new BadFraming(`content-length: ${lengths[0]}`);
  const end = start + Number(lengths[0]);
  return { body: bytes.subarray(start, end), end: bytes.length < end ? null : end };
};

/** All answers in what came. `isHead`: whether the request at that place was a HEAD. The rest is the beginning of one more. */
export const readAnswers = (
  bytes: Buffer,
  isHead: (place: number) => boolean,
  closed: boolean,
): { readonly answers: readonly Answer[]; readonly rest: number } => {
  const answers: Answer[] = [];
  let at = 0;
  for (let place = 0; at < bytes.length;) {
    const headEnd = bytes.indexOf('\r\n\r\n', at);
    if (headEnd < 0) break;
    const head = readHead(bytes.subarray(at, headEnd).toString('latin1'));
    const endless = headerOf(head, 'content-type')?.startsWith('text/event-stream') === true && !isHead(place) && head.status === 200;
    const part = endless
      ? { body: bytes.subarray(headEnd + 4), end: bytes.length }
      : readBody(bytes, headEnd + 4, head, isHead(place), closed);
    if (part.end === null) break;
    answers.push({ ...head, body: part.body, endless });
    at = part.end;
    if (head.status >= 200) place += 1;
  }
  return { answers, rest: bytes.length - at };
};
