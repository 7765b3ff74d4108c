import * as fc from 'fast-check';
import type { FuzzedRoute } from './fuzz-stack.js';
import { oddBytes, oddText, oddTimestamp, words } from './text.arbitraries.js';
import { symbol, type WireText } from './wire-text.js';

const encoded = (text: string): WireText => encodeURIComponent(text.replaceAll(/[\ud800-\udfff]/gu, '?'));

const symbols = (...names: readonly string[]): fc.Arbitrary<WireText> => fc.constantFrom(...names.map(symbol));

const known: Readonly<Record<string, fc.Arbitrary<WireText>>> = {
  script: symbols('script.unauthorized', 'script.scheduled', 'script.cancelled', 'script.launched', 'script.foreign', 'nobody'),
  // Never one at which scripts run: moved elsewhere, it would be tried again and again.
  site: symbols('site.spare', 'site.spare', 'site.foreign'),
  executionId: symbols('execution', 'nobody'),
  token: fc.oneof(fc.base64String({ maxLength: 200 }).map(encoded), fc.constant('a'.repeat(1_024))),
};

const oddSegment: fc.Arbitrary<WireText> = fc.oneof(
  { weight: 4, arbitrary: oddText.map(encoded) },
  { weight: 2, arbitrary: symbols('script.unauthorized').map((id) => `${id}%00`) },
  { weight: 1, arbitrary: symbols('upper.script', 'upper.site') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '..%2f..%2fsites',
      '%252e%252e%252f',
      '%',
      '%zz',
      '%c0%af',
      '%ff',
      '%ed%a0%80',
      '%E2%80%AE',
      '0',
      '-1',
      ' ',
      '+',
      '*',
      ':id',
      '{id}',
      'undefined',
      'null',
      'NaN',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(255, 1_023, 1_024, 1_025, 5_000, 17_000).map((length) => 'a'.repeat(length)) },
);

const parameter = (name: string, path: string): fc.Arbitrary<WireText> => {
  const kind = name === 'id' ? (path.startsWith('/sites') ? 'site' : 'script') : name;
  return fc.oneof({ weight: 5, arbitrary: known[kind] ?? oddSegment }, { weight: 1, arbitrary: oddSegment });
};

const pathOf = ({ path }: FuzzedRoute): fc.Arbitrary<WireText> =>
  fc
    .tuple(
      ...path.split('/').map((segment) => {
        if (segment.startsWith(':')) return parameter(segment.slice(1), path);
        return segment === '*' ? oddSegment : fc.constant(segment);
      }),
    )
    .map((segments) => segments.join('/'));

/** The same place, or nearly, said otherwise. */
const oddlySpelt = (path: WireText): fc.Arbitrary<WireText> =>
  fc.oneof(
    fc.constantFrom(
      `${path}/`,
      `/${path}`,
      `${path}//`,
      path.replace('/', '/./'),
      `/x/..${path}`,
      path.replaceAll('/', '%2f'),
      path.replaceAll('/', '\\'),
      path.toUpperCase().replaceAll(/⟦[^⟧]*⟧/g, 'X'),
      path.replace('s', '%73'),
      path.replace('s', '%2573'),
      `${path};a=b`,
      `${path}#fragment`,
      `${path}%00`,
      `${path}%0d%0aX-Injected:%20yes`,
      `http://evil.example${path}`,
      `HTTP://evil.example:99999${path}`,
      `https://user:password@evil.example${path}`,
      `//evil.example${path}`,
      `ftp://evil.example${path}`,
      'evil.example:443',
      '*',
      '/',
      '/.git/config',
      '/favicon.ico',
    ),
    fc.nat(20).chain((at) => oddSegment.map((inserted) => path.slice(0, at + 1) + inserted + path.slice(at + 1))),
  );

/** Not even a request line any more. */
const brokenTarget = fc.oneof(
  oddBytes.map((bytes) => `/scripts/${bytes}`),
  fc.constantFrom('', ' ', 'scripts/scheduled', '/scripts/\ud800x', '/scripts scheduled', '/a\tb', '?', '#', `/${'é'.repeat(5)}`),
);

const cursorPlaces = fc.oneof(
  fc.constantFrom(symbol('cursor'), symbol('cursor.cut'), `${symbol('cursor')}A`, 'a'.repeat(300), 'a'.repeat(301), '=', '%00'),
  fc
    .oneof(
      fc.constantFrom(
        null,
        [],
        [null],
        ['a'],
        [{}],
        [['a']],
        ['00000000-0000-0000-0000-000000000000'],
        ['ffffffff-ffff-ffff-ffff-ffffffffffff'],
      ),
      fc.constantFrom(
        ['site_0000000000000000', '2090-01-01T00:00:00.000000Z', '00000000-0000-0000-0000-000000000000'],
        ['site_0000000000000000', '2090-01-01T00:00:00Z', 'x'],
        ['site_0000000000000000', '9999-12-31T23:59:59.9999999999Z', '00000000-0000-0000-0000-000000000000'],
        [0],
        [1, 2],
        [-1, 'a'],
        ['2090-01-01T00:00:00.000000Z', 1],
        ['2090-01-01T00:00:00.000000Z', 1e300],
        [Number.MAX_SAFE_INTEGER],
      ),
      fc.jsonValue({ maxDepth: 2 }),
    )
    .map((place) => Buffer.from(JSON.stringify(place)).toString('base64url')),
);

const validQueries = fc.constantFrom('', '', '?limit=1', '?limit=20', '?limit=1000');

const pair: fc.Arbitrary<WireText> = fc.oneof(
  cursorPlaces.map((cursor) => `cursor=${cursor}`),
  fc.constantFrom(
    'limit=0',
    'limit=1',
    'limit=1001',
    'limit=1e3',
    'limit=-1',
    'limit=',
    'limit',
    'limit=1&limit=2',
    'limit[]=1',
    'limit[a]=1',
    'limit=%31',
    'limit=1%00',
    'limit=٣',
    'limit=0x1',
    'limit=01',
    '%6cimit=1',
  ),
  fc.constantFrom(
    'status=scheduled',
    'status=',
    'status=SCHEDULED',
    'status=scheduled&status=launched',
    'status[]=scheduled',
    'status=scheduled%20',
    `site=${symbol('site.1')}`,
    'site=site_',
  ),
  oddTimestamp.map((at) => `launch_after=${encoded(at)}`),
  fc.constantFrom('2090-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z').map((at) => `launch_before=${at}`),
  fc.constantFrom(
    '__proto__=1',
    '__proto__[a]=1',
    'constructor[prototype][a]=1',
    'constructor=1',
    'toString=1',
    '',
    '&',
    '=',
    '=a',
    '%',
    '%zz=1',
    'a=%ff',
    'admin=true',
    '?',
    'a'.repeat(5_000),
  ),
  fc.tuple(words, oddText).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
  fc.constantFrom(1_000, 3_000).map((count) => Array.from({ length: count }, (_, n) => `a${n}`).join('&')),
);

const oddQueries = fc.array(pair, { minLength: 1, maxLength: 3 }).map((pairs) => `?${pairs.join('&')}`);

export interface AddressArbitraries {
  readonly valid: fc.Arbitrary<WireText>;
  readonly hostile: fc.Arbitrary<WireText>;
  /** No server can tell where it ends. */
  readonly broken: fc.Arbitrary<WireText>;
}

const join = ([left, right]: readonly [WireText, WireText]): WireText => left + right;

export const addressesOf = (route: FuzzedRoute): AddressArbitraries => {
  const path = pathOf(route);
  const takesPages = route.method === 'GET' && /^\/(scripts\/scheduled|sites)$|\/(executions|history)$/.test(route.path);
  const valid = takesPages ? fc.tuple(path, validQueries).map(join) : path;
  return {
    valid,
    hostile: fc.oneof(fc.tuple(path, oddQueries).map(join), path.chain(oddlySpelt), fc.tuple(path.chain(oddlySpelt), oddQueries).map(join)),
    broken: brokenTarget,
  };
};
