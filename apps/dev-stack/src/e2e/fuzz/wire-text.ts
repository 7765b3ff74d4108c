/**
 * What is sent, as text that can be generated, shrunk and printed: a lone surrogate U+DC80..U+DCFF stands for that one raw byte, and
 * `⟦name⟧` for what is known only once the stack runs.
 */
export type WireText = string;

export type Symbols = Readonly<Record<string, string>>;

export const symbol = (name: string): WireText => `⟦${name}⟧`;

export const rawByte = (byte: number): WireText => (byte < 0x80 ? String.fromCharCode(byte) : String.fromCharCode(0xdc00 + byte));

export const rawBytes = (bytes: Uint8Array): WireText => Array.from(bytes, rawByte).join('');

export const resolved = (text: WireText, symbols: Symbols): WireText =>
  text.replace(/⟦([^⟧]*)⟧/g, (_, name: string) => symbols[name] ?? `unknown-${name}`);

export const wireBytes = (text: WireText): Buffer => {
  // With the u flag a pair is one character, so that this finds lone ones only.
  const parts = text.split(/([\udc80-\udcff])/u);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 1 ? Buffer.from([part.charCodeAt(0) & 0xff]) : Buffer.from(part, 'utf8'))),
  );
};

const escaped = (char: string): string => {
  const code = char.codePointAt(0) ?? 0;
  if (char === '\r') return '\\r';
  if (char === '\n') return '\\n';
  if (char === '\\') return '\\\\';
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code & 0xff).toString(16)}`;
  return [...Buffer.from(char)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
};

/** As `printf '%b'` would take it, but for runs, which are said: `‹x × 60001›`. */
export const printed = (text: WireText): string =>
  text
    .replace(/[^\x20-\x5b\x5d-\x7e⟦⟧]/gu, escaped)
    .replace(/(.{1,6}?)\1{40,}/gs, (run: string, unit: string) => `‹${unit} × ${run.length / unit.length}›`);
