import { gzipSync } from 'node:zlib';
import { limits, scheduledScriptRequests, siteRequests } from '@scheduled-scripts/contracts';
import * as fc from 'fast-check';
import { z } from 'zod';
import { invalidUtf8, aroundLength, oddTimestamp } from './text.arbitraries.js';
import { oddKey, oddValue, quoted } from './json.arbitraries.js';
import { rawBytes, symbol, wireBytes, type WireText } from './wire-text.js';

/** Of every site that the fuzzer makes; it must not come back. */
export const plantedPassword = 'planted-password-7c1f';

/** A field of an object in JSON: both as they are written. */
type Entry = readonly [name: WireText, value: WireText];

const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
const json = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<WireText> => values.map((value) => JSON.stringify(value));
const users = fc.uniqueArray(fc.constantFrom('auth0|approver', 'auth0|viewer', 'auth0|author', 'auth0|nobody'), { maxLength: 4 });
const sites = fc.uniqueArray(fc.constantFrom('site.1', 'site.2', 'site.3'), { minLength: 1, maxLength: 3 }).map((ids) => ids.map(symbol));
const farOff = fc.constantFrom('2090-01-01T00:00:00Z', '2090-06-30T23:59:59.123456789+05:30', '9999-12-31T00:00:00.5z');

/** What the contract's schemas cannot say of themselves: values that mean something. */
const meaningful: Readonly<Record<string, fc.Arbitrary<WireText>>> = {
  description: json(text),
  script: json(fc.oneof(fc.constant(':put 1'), text)),
  sites: json(sites),
  notify: json(users),
  launch_at: json(farOff),
  test_site_id: json(fc.option(fc.constant(symbol('site.1')))),
  make_backup: json(fc.boolean()),
  abort_if_offline: json(fc.boolean()),
  name: json(text),
  host: json(fc.constantFrom('192.0.2.1', '127.0.0.1', '2001:db8::1', 'localhost')),
  port: json(fc.constantFrom(1, 9, 8728, 65_535)),
  tls: json(fc.constantFrom('none', 'verify')),
  tls_fingerprint: fc.constant('null'),
  username: json(text),
  password: json(fc.constant(plantedPassword)),
  serial: json(fc.option(text)),
  id: fc.nat(0xffffff).map((n) => JSON.stringify(`site_${String(n).padStart(20, '0')}`)),
};

interface Property {
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly anyOf?: readonly Property[];
}

interface BodySchema {
  readonly properties: Readonly<Record<string, Property>>;
  readonly required: readonly string[];
}

const schemaOf = (schema: z.ZodType): BodySchema => {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return { properties: properties as BodySchema['properties'], required };
};

const items = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => (name === 'sites' ? `site_${String(n).padStart(20, '0')}` : `user-${n}`));

/** At the limits that the schema names, or the contract. */
const atLimits = (name: string, property: Property): readonly fc.Arbitrary<WireText>[] => {
  const { maxLength, maxItems, maximum, format } = property;
  return [
    ...(maxLength === undefined ? [] : [json(aroundLength(maxLength))]),
    ...(name === 'script' ? [json(aroundLength(limits.scriptBytes))] : []),
    ...(maxItems === undefined ? [] : [fc.constantFrom(-1, 0, 1).map((more) => JSON.stringify(items(name, maxItems + more)))]),
    ...(maximum === undefined ? [] : [fc.constantFrom(String(maximum), String(maximum + 1), '0', '-1', `${maximum}.5`)]),
    ...(format === 'date-time' ? [fc.tuple(oddTimestamp, quoted).map(([at, quote]) => quote(at))] : []),
    ...(name === 'host'
      ? [
          json(
            fc.constantFrom(
              '169.254.169.254',
              '0.0.0.0',
              '::',
              '::ffff:169.254.169.254',
              '0x7f.1',
              '2130706433',
              'a..b',
              '-a',
              'a'.repeat(254),
              'metadata.google.internal',
              'no-such-host.invalid',
              'EXAMPLE.invalid.',
              'xn--nxasmq6b',
              '[::1]',
              '1.1.1.1:80',
              'user@host',
            ),
          ),
        ]
      : []),
    ...(name === 'notify' ? [json(fc.constantFrom(['a', 'a'], ['é'], ['a'.repeat(201)], ['']))] : []),
    ...(name === 'sites'
      ? [json(fc.constantFrom([symbol('site.1'), symbol('site.1')], [symbol('site.foreign')], ['site_00000000000000000000']))]
      : []),
  ];
};

type Mutation =
  | { readonly kind: 'replace' | 'limit' | 'repeat' | 'drop'; readonly at: number; readonly value: WireText }
  | { readonly kind: 'add'; readonly name: WireText; readonly value: WireText };

const mutated = (entries: readonly Entry[], mutation: Mutation): readonly Entry[] => {
  if (mutation.kind === 'add') return [...entries, [mutation.name, mutation.value]];
  if (entries.length === 0) return entries;
  const at = mutation.at % entries.length;
  const [name, value] = entries[at] ?? ['""', 'null'];
  switch (mutation.kind) {
    case 'drop':
      return entries.toSpliced(at, 1);
    case 'repeat':
      return [...entries, [name, value]];
    case 'replace':
    case 'limit':
      return entries.with(at, [name, mutation.value]);
    default:
      return mutation satisfies never;
  }
};

const mutationOf = ({ properties }: BodySchema): fc.Arbitrary<Mutation> => {
  const names = Object.keys(properties);
  const limit = names.flatMap((name, at) =>
    atLimits(name, properties[name] ?? {}).map((values) => values.map((value) => ({ kind: 'limit' as const, at, value }))),
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('replace' as const), at: fc.nat(names.length), value: oddValue }) },
    { weight: 5, arbitrary: fc.oneof(...limit) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('repeat' as const, 'drop' as const), at: fc.nat(names.length), value: fc.constant('') }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('add' as const),
        name: fc.tuple(oddKey, quoted).map(([key, quote]) => quote(key)),
        value: oddValue,
      }),
    },
  );
};

const objectOf = (schema: BodySchema, mutations: { minLength?: number; maxLength: number }): fc.Arbitrary<WireText> => {
  // In the order of the schema, so that a mutation finds its field; what is not required may be missing after it.
  const fields = Object.keys(schema.properties).map((name) =>
    fc
      .tuple(meaningful[name] ?? oddValue, schema.required.includes(name) ? fc.constant(true) : fc.boolean())
      .map(([value, there]) => ({ entry: [JSON.stringify(name), value] as const, there })),
  );
  return fc.tuple(fc.tuple(...fields), fc.array(mutationOf(schema), mutations)).map(([all, changes]) => {
    const kept = all.map(({ entry }) => entry);
    const missing = new Set(all.filter(({ there }) => !there).map(({ entry }) => entry));
    const entries = changes.reduce(mutated, kept as readonly Entry[]).filter((entry) => !missing.has(entry));
    return `{${entries.map(([name, value]) => `${name}:${value}`).join(',')}}`;
  });
};

/** What can go wrong with the whole of a body. */
const garbled = (body: WireText): fc.Arbitrary<WireText> =>
  fc.oneof(
    fc.nat(Math.max(0, body.length - 1)).map((end) => body.slice(0, end)),
    fc.constantFrom(`\ufeff${body}`, `${body}${body}`, `${body}\0`, ` \t\r\n${body}\n`, `[${body}]`, `)]}',\n${body}`, ''),
    invalidUtf8.map((bytes) => body + bytes),
    fc.constant(rawBytes(Buffer.from(body, 'utf16le'))),
    fc.constant(rawBytes(gzipSync(wireBytes(body)))),
    fc
      .constantFrom(1_048_575, 1_048_576, 1_048_577, 1_500_000)
      .map((size) => body + ' '.repeat(Math.max(0, size - wireBytes(body).length))),
    fc.constantFrom(
      'a=b&c=d',
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n',
      '<a/>',
      '1',
      'null',
      '[]',
      '"a"',
      '{}',
    ),
    fc.constantFrom(1_000, 1_001, 100_000).map((count) => `{${Array.from({ length: count }, (_, n) => `"k${n}":1`).join(',')}}`),
    oddValue,
  );

export interface BodyArbitraries {
  readonly valid: fc.Arbitrary<WireText>;
  readonly hostile: fc.Arbitrary<WireText>;
}

const bodiesOf = (schema: z.ZodType): BodyArbitraries => {
  const form = schemaOf(schema);
  const valid = objectOf(form, { maxLength: 0 });
  const changed = objectOf(form, { minLength: 1, maxLength: 3 });
  return { valid, hostile: fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: valid.chain(garbled) }) };
};

const script = scheduledScriptRequests();
const bodies: Readonly<Record<string, BodyArbitraries>> = {
  'POST /scripts/scheduled': bodiesOf(script.create),
  'PUT /scripts/scheduled/:id': bodiesOf(script.revise),
  'POST /sites': bodiesOf(siteRequests.create),
  'PATCH /sites/:id': bodiesOf(siteRequests.change),
};

const none: BodyArbitraries = {
  valid: fc.constant(''),
  hostile: fc.oneof(fc.constant('{}'), oddValue, bodiesOf(script.create).hostile),
};

/** Of a route that takes none: an empty one, or one that nobody asked for. */
export const bodyFor = (method: string, path: string): BodyArbitraries => bodies[`${method} ${path}`] ?? none;
