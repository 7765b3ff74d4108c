import * as fc from 'fast-check';
import { addressesOf } from './address.arbitraries.js';
import { bodyFor } from './body.arbitraries.js';
import type { FuzzedRoute } from './fuzz-stack.js';
import { bearer, credentials, framingAbuse, oddHeader, validTypes, type HeaderLine } from './header.arbitraries.js';
import type { RequestDraft } from './request-draft.js';

const otherMethods = fc.constantFrom(
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'PATCH',
  'DELETE',
  'PUT',
  'POST',
  'GET',
  'HEAD',
  'PURGE',
  'SEARCH',
  'MKCOL',
  'LOCK',
  'REPORT',
  'M-SEARCH',
  'LINK',
  'QUERY',
);
const noMethods = fc.constantFrom('CONNECT', 'get', 'FOO', 'PRI', '', 'GE\0T', 'GÉT', 'GET\t', 'G'.repeat(100));
const noVersions = fc.constantFrom(
  'HTTP/1.0',
  'HTTP/0.9',
  'HTTP/2.0',
  'HTTP/1.2',
  'HTTP/11',
  'http/1.1',
  'HTTP/1.1 ',
  'HTTP/9999.1',
  'ICE/1.0',
  '',
);

const mostly = <Value>(usual: Value, other: fc.Arbitrary<Value>, once: number): fc.Arbitrary<Value> =>
  fc.oneof({ weight: once - 1, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

const validOf = (route: FuzzedRoute): fc.Arbitrary<RequestDraft> =>
  fc
    .record({
      target: addressesOf(route).valid,
      who: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom('author', 'approver') },
        { weight: 1, arbitrary: fc.constantFrom('viewer', 'otherOrganization') },
      ),
      type: validTypes,
      body: bodyFor(route.method, route.path).valid,
      framing: fc.constantFrom('length' as const, 'length' as const, 'chunked' as const),
    })
    .map(({ target, who, type, body, framing }) => ({
      service: route.service,
      route: route.path,
      method: route.method,
      target,
      version: 'HTTP/1.1',
      lines: [bearer(who), ...(body === '' ? [] : [type])],
      body,
      framing: body === '' ? ('said' as const) : framing,
      isBroken: false,
    }));

const hostileOf = (route: FuzzedRoute): fc.Arbitrary<RequestDraft> => {
  const { valid, hostile } = addressesOf(route);
  const bodies = bodyFor(route.method, route.path);
  const takesBody = ['POST', 'PUT', 'PATCH'].includes(route.method);
  return fc
    .record({
      target: fc.oneof({ weight: takesBody ? 6 : 1, arbitrary: valid }, { weight: 2, arbitrary: hostile }),
      method: mostly(route.method, otherMethods, takesBody ? 15 : 6),
      who: credentials,
      type: mostly<HeaderLine | null>(null, oddHeader, 12),
      usualType: validTypes,
      body: fc.oneof({ weight: 5, arbitrary: bodies.hostile }, { weight: 1, arbitrary: bodies.valid }),
      hasBody: takesBody ? mostly(true, fc.constant(false), 12) : mostly(false, fc.constant(true), 8),
      extra: fc.array(oddHeader, { maxLength: 2 }),
      framing: fc.constantFrom('length' as const, 'length' as const, 'length' as const, 'chunked' as const),
    })
    .map(({ target, method, who, type, usualType, body, hasBody, extra, framing }) => ({
      service: route.service,
      route: route.path,
      method,
      target,
      version: 'HTTP/1.1',
      lines: [...who, ...(hasBody ? [type ?? usualType] : []), ...extra],
      body: hasBody ? body : '',
      framing: hasBody ? framing : ('said' as const),
      isBroken: false,
    }));
};

/** A valid or hostile request, and something in its head that breaks it. */
const brokenOf = (route: FuzzedRoute): fc.Arbitrary<RequestDraft> =>
  fc
    .record({
      draft: fc.oneof(validOf(route), hostileOf(route)),
      how: fc.oneof(
        { weight: 6, arbitrary: framingAbuse.map((line) => ({ kind: 'line' as const, line })) },
        { weight: 1, arbitrary: noMethods.map((method) => ({ kind: 'method' as const, method })) },
        { weight: 1, arbitrary: noVersions.map((version) => ({ kind: 'version' as const, version })) },
        { weight: 1, arbitrary: addressesOf(route).broken.map((target) => ({ kind: 'target' as const, target })) },
      ),
      at: fc.nat(5),
      said: fc.boolean(),
    })
    .map(({ draft, how, at, said }) => {
      const broken = { ...draft, isBroken: true };
      if (how.kind === 'method') return { ...broken, method: how.method };
      if (how.kind === 'version') return { ...broken, version: how.version };
      if (how.kind === 'target') return { ...broken, target: how.target };
      const place = Math.min(at, draft.lines.length);
      return { ...broken, lines: draft.lines.toSpliced(place, 0, how.line), framing: said ? ('said' as const) : draft.framing };
    });

export interface RequestArbitraries {
  readonly valid: fc.Arbitrary<RequestDraft>;
  readonly hostile: fc.Arbitrary<RequestDraft>;
  readonly broken: fc.Arbitrary<RequestDraft>;
}

/** What changes something is asked for most. */
const weightOf = ({ method, path }: FuzzedRoute): number => {
  if (/^\/(livez|readyz|metrics|docs|openapi)/.test(path) || method === 'HEAD') return 1;
  return method === 'GET' ? 4 : 8;
};

/** Requests to any of the routes. HEAD has what GET has. */
export const requestsTo = (routes: readonly FuzzedRoute[]): RequestArbitraries => {
  const toAny = (requests: (route: FuzzedRoute) => fc.Arbitrary<RequestDraft>): fc.Arbitrary<RequestDraft> =>
    fc.oneof(...routes.map((route) => ({ weight: weightOf(route), arbitrary: requests(route) })));
  return { valid: toAny(validOf), hostile: toAny(hostileOf), broken: toAny(brokenOf) };
};
