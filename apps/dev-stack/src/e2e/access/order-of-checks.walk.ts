import { severalAtATime } from '../several-at-a-time.js';
import { everyScope } from './access-stage.js';
import type { Sent } from './http-client.js';
import type { Scene } from './scene.js';
import { operationOf, requestFor, type Way } from './ways.js';

type Who = 'nobody' | 'somebody without a scope' | 'somebody with every scope';

interface Case {
  readonly who: Who;
  readonly what: string;
  readonly change: (sent: Sent) => Sent;
  readonly status: number;
  readonly applies: (way: Way) => boolean;
}

const takesBody = ({ route }: Way): boolean => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(route.method);
const namesThing = ({ route }: Way): boolean => route.path.includes(':');
const always = (): boolean => true;
/** One that has a form to keep to. */
const takesHeader = ({ route }: Way): boolean =>
  (operationOf(route)?.headers ?? []).some((name) => ['If-Match', 'Min-Version', 'Idempotency-Key'].includes(name));

const withBody =
  (body: string, type = 'application/json') =>
  (sent: Sent): Sent => ({ ...sent, body, headers: { ...sent.headers, 'content-type': type } });
const tooMuch = (sent: Sent): Sent => ({
  ...sent,
  headers: { ...sent.headers, 'content-type': 'application/json' },
  promisedBytes: 2 * 1_024 * 1_024,
});
const unknownQuery = (sent: Sent): Sent => ({ ...sent, path: `${sent.path}?dry_run=1` });
const withHeaders =
  (headers: Readonly<Record<string, string>>) =>
  (sent: Sent): Sent => ({ ...sent, headers: { ...sent.headers, ...headers } });
/** Of the fields that are known, each with a value that none of them takes. */
const meaningless = (sent: Sent): Sent => {
  if (sent.body === undefined) return sent;
  const fields = Object.keys(JSON.parse(sent.body) as object).map((name) => [name, 7.5]);
  return { ...sent, body: JSON.stringify(Object.fromEntries(fields)) };
};
const asItIs = (sent: Sent): Sent => sent;

const mistakes: readonly (readonly [what: string, change: Case['change'], status: number, applies: Case['applies']])[] = [
  ['half a body', withBody('{"half":'), 400, takesBody],
  ['another type of body', withBody('a=b', 'application/x-www-form-urlencoded'), 415, takesBody],
  ['a body of 2 MiB', tooMuch, 413, takesBody],
  ['an unknown parameter', unknownQuery, 400, always],
  [
    'a header that cannot be read',
    withHeaders({ 'if-match': 'seven', 'min-version': 'seven', 'idempotency-key': 'a b' }),
    400,
    takesHeader,
  ],
];

/** 401, then syntax, 403, 404, and only then what is wrong with the thing itself or with what the body means. */
const cases: readonly Case[] = [
  ...mistakes.map(([what, change, , applies]) => ({ who: 'nobody' as const, what, change, status: 401, applies })),
  ...mistakes.map(([what, change, status, applies]) => ({ who: 'somebody without a scope' as const, what, change, status, applies })),
  ...mistakes.map(([what, change, status, applies]) => ({ who: 'somebody with every scope' as const, what, change, status, applies })),
  ...(
    [
      ['nothing wrong', asItIs],
      ['a version that is out of date', withHeaders({ 'if-match': '"999-0000000000000000"' })],
      ['a body that means nothing', meaningless],
    ] as const
  ).flatMap(([what, change]) => [
    { who: 'somebody without a scope' as const, what, change, status: 403, applies: always },
    { who: 'somebody with every scope' as const, what, change, status: 404, applies: namesThing },
  ]),
];

/** Asks about nobody's things, so that 404 is the last word. The answers that came in another order, in words. */
export const walkThroughChecks = async ({ stage, belongings }: Scene, ways: readonly Way[]): Promise<readonly string[]> => {
  const { client, forge } = stage;
  const headers: Readonly<Record<Who, Sent['headers']>> = {
    nobody: {},
    'somebody without a scope': { authorization: `Bearer ${forge.token({}, { scope: '' })}` },
    'somebody with every scope': { authorization: `Bearer ${forge.token({}, { scope: everyScope.join(' ') })}` },
  };
  const surprises: string[] = [];
  const attempts = ways.flatMap((way) => cases.filter(({ applies }) => applies(way)).map((one) => ({ way, one })));
  await severalAtATime(32, attempts, async ({ way, one: { who, what, change, status } }) => {
    const answer = await client.send(way.baseUrl, change(requestFor(way.route, belongings.nobodys, headers[who])));
    if (answer.status !== status)
      surprises.push(`${way.name}: ${who}, ${what}: ${answer.status} instead of ${status} ${answer.body.slice(0, 200)}`);
  });
  return surprises.slice(0, 20);
};
