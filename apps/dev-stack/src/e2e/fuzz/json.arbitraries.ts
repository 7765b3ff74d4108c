import * as fc from 'fast-check';
import { aroundLength, invalidUtf8, oddText, words } from './text.arbitraries.js';
import type { WireText } from './wire-text.js';

/** Text inside of quotes in one of the ways in which JSON lets one write it. */
export const quoted: fc.Arbitrary<(text: string) => WireText> = fc.constantFrom(
  (text: string) => JSON.stringify(text),
  (text: string) =>
    `"${Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`,
);

const numbers = fc.constantFrom(
  '0',
  '-0',
  '1',
  '-1',
  '1.0',
  '0.1',
  '1e0',
  '1e999',
  '-1e999',
  '1e-999',
  '5e-324',
  '1.7976931348623157e308',
  '9007199254740993',
  '-9007199254740993',
  '18446744073709551616',
  '2147483648',
  '65535',
  '65536',
  '8728.5',
  '0.1e1',
  '1E+2',
  `1${'0'.repeat(400)}`,
  `0.${'0'.repeat(400)}1`,
);

/** Looks like JSON, and is none. */
const nearlyJson = fc.constantFrom(
  '',
  'undefined',
  'NaN',
  'Infinity',
  '-',
  '01',
  '+1',
  '1.',
  '.5',
  '0x10',
  '1_000',
  "'a'",
  '"',
  '"\\x41"',
  '"\\u12"',
  '"\t"',
  '"\n"',
  'tru',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  '{"a"}',
  '[',
  '{',
  ']',
  '}',
  '/*c*/1',
  '1 2',
  '\ufeff1',
  '"a" "b"',
  'null,',
);

const surrogates = fc.constantFrom(
  '"\\ud800"',
  '"\\udc00"',
  '"a\\ud83d"',
  '"\\udc00\\ud800"',
  '"\\ud83d\\ude00"',
  '"\\u0000"',
  '"\\u0000abc"',
  '"\\uFEFF"',
);

const strings: fc.Arbitrary<WireText> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(oddText, quoted).map(([text, quote]) => quote(text)) },
  { weight: 2, arbitrary: surrogates },
  { weight: 1, arbitrary: invalidUtf8.map((bytes) => `"a${bytes}b"`) },
);

const nesting = fc
  .tuple(fc.constantFrom(31, 32, 33, 100, 10_000), fc.constantFrom(['[', ']'], ['{"a":', '}'], ['[{"a":', '}]'], ['[', '']))
  .map(([depth, [open = '', close = '']]) => `${open.repeat(depth)}1${close.repeat(depth)}`);

const pollution = fc.constantFrom(
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"prototype":1}',
  '[{"__pr\\u006fto__":[]}]',
  '{"toString":1,"valueOf":1,"then":1,"toJSON":1,"hasOwnProperty":1}',
  '{"length":3,"0":1}',
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '{"":1}',
);

/** Any value, whole or not. Long ones are rare: each costs the service a look at it. */
export const oddValue: fc.Arbitrary<WireText> = fc.oneof(
  { weight: 6, arbitrary: strings },
  { weight: 4, arbitrary: numbers },
  { weight: 3, arbitrary: fc.constantFrom('null', 'true', 'false', '[]', '{}', '[null]', '[[]]', '[{}]', '""', '[""]') },
  { weight: 2, arbitrary: nearlyJson },
  { weight: 2, arbitrary: pollution },
  { weight: 1, arbitrary: nesting },
  { weight: 2, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(256, 60_001, 200_000).chain((limit) => aroundLength(limit).map((text) => JSON.stringify(text))) },
  { weight: 1, arbitrary: fc.constantFrom(201, 10_001, 100_001).map((count) => `[${'1,'.repeat(count - 1)}1]`) },
);

export const oddKey: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'id',
    'status',
    'created_by',
    'organization_id',
    'version',
    'summary',
    'authorized_at',
    'progress',
    'dry_run',
    'Script',
    'script ',
    'sites[]',
    'sites.0',
  ),
  words,
  oddText,
);
