import * as fc from 'fast-check';
import { rawByte, rawBytes, type WireText } from './wire-text.js';

/** Characters at which somebody's handling of text ends. */
const oddCharacters = [
  '\u0000',
  '\u0001',
  '\u001f',
  '\u007f',
  '\u0080',
  '\u00a0',
  '\u00ad',
  'e\u0301',
  '\u00e9',
  '\u0130',
  'ß',
  '\u200b',
  '\u200d',
  '\u202e',
  '\u2066',
  '\u2028',
  '\u2029',
  '\ufb01',
  '\ufeff',
  '\ufffd',
  '\ufffe',
  '\uffff',
  '😀',
  '👩‍👩‍👧',
  '\u{1f1e9}\u{1f1ea}',
  '𝒳',
  '\u{10ffff}',
  'a\u0300\u0301\u0302\u0303\u0304',
  'مرحبا',
  "'",
  '"',
  '`',
  '\\',
  '<',
  '&',
  '%',
  '$',
  '{',
  ';',
  '--',
  '\n',
  '\r\n',
  '\t',
] as const;

/** Bytes that are no UTF-8: a lone continuation, an overlong slash and NUL, a surrogate, beyond the last, half of a character, UTF-16. */
export const invalidUtf8: fc.Arbitrary<WireText> = fc
  .constantFrom(
    [0x80],
    [0xc0, 0xaf],
    [0xc0, 0x80],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xe2, 0x82],
    [0xff, 0xfe],
  )
  .map((bytes) => rawBytes(Uint8Array.from(bytes)));

export const words = fc.constantFrom(
  'a',
  'x y',
  '',
  ' ',
  'null',
  'true',
  'NaN',
  '0',
  '-1',
  '../../etc/passwd',
  "' OR 1=1 --",
  "'; DROP TABLE event_store.event; --",
  '<script>alert(1)</script>',
  '${7*7}',
  '{{7*7}}',
  '%s%n%x',
  '%00',
  '\r\nX-Injected: yes',
  '%0d%0aX-Injected:%20yes',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
);

/** Short text of any kind; may not be valid UTF-8 only where `invalidUtf8` is mixed in by others. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: words },
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...oddCharacters), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
);

/** Text as long as a limit allows, one less and one more, in characters that take one to four bytes and one or two units. */
export const aroundLength = (limit: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('x', 'é', '€', '😀'), fc.constantFrom(-1, 0, 1), fc.constantFrom('characters', 'bytes'))
    .map(([character, more, counted]) => {
      const wanted = Math.max(0, limit + more);
      if (counted === 'characters') return character.repeat(wanted);
      const size = Buffer.byteLength(character);
      return character.repeat(Math.floor(wanted / size)) + 'x'.repeat(wanted % size);
    });

const days = [
  '2090-01-01',
  '2090-02-30',
  '2090-02-29',
  '2092-02-29',
  '2090-13-01',
  '2090-00-10',
  '2090-12-32',
  '0000-01-01',
  '0001-01-01',
  '9999-12-31',
  '10000-01-01',
  '+012090-01-01',
  '-000001-01-01',
  '1970-01-01',
  '2090-W01-1',
  '2090-001',
  '90-01-01',
];
const times = [
  '00:00:00',
  '23:59:59',
  '23:59:60',
  '24:00:00',
  '12:60:00',
  '12:00',
  '12',
  '12:00:00.1',
  '12:00:00.123456',
  '12:00:00.123456789',
  '12:00:00,5',
  '12:00:00.',
  '12:00:00.999999999999999999999999999999',
];
const offsets = [
  'Z',
  'z',
  '',
  '+00:00',
  '-00:00',
  '+14:00',
  '-12:00',
  '+23:59',
  '-23:59',
  '+24:00',
  '+0200',
  '+02',
  '−01:00',
  ' Z',
  'Z ',
  'UTC',
  '[Europe/Berlin]',
  '\n',
];

export const oddTimestamp: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...days), fc.constantFrom('T', 't', ' ', '_', ''), fc.constantFrom(...times), fc.constantFrom(...offsets))
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('now', 'tomorrow', '1893456000', '2020-01-01T00:00:00Z', '2090-01-01T00:00:00Z', '٢٠٩٠-٠١-٠١T00:00:00Z'),
  },
);

/** Any byte, and the separators of HTTP more often. */
export const oddBytes: fc.Arbitrary<WireText> = fc
  .array(fc.oneof(fc.nat(255), fc.constantFrom(0, 9, 10, 13, 32, 58, 44, 59, 127, 128, 255)), { maxLength: 12 })
  .map((bytes) => bytes.map(rawByte).join(''));
