import { severalAtATime } from '../several-at-a-time.js';
import type { Names } from './belongings.js';
import type { Answer, Sent } from './http-client.js';
import type { Scene } from './scene.js';
import { requestFor, type Way } from './ways.js';

interface Variant {
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const json = { 'content-type': 'application/json' };

/** Headers and bodies that ask in another way whether something is there. `entityTag`: what it has. */
export const variantsOf = (entityTag: string): readonly Variant[] => [
  { what: 'plainly' },
  { what: 'with the tag that it has', headers: { 'if-none-match': entityTag, 'if-match': entityTag } },
  { what: 'with a tag that it never had', headers: { 'if-match': '"999-0000000000000000"' } },
  { what: 'with any tag', headers: { 'if-none-match': '*', 'if-match': '*' } },
  { what: 'after an event', headers: { 'last-event-id': '1' } },
  { what: 'with an empty body', headers: json, body: '{}' },
  { what: 'with a body that is wrong', headers: json, body: '{"description":7,"sites":[],"name":"","port":0}' },
];

export const plainly: readonly Variant[] = [{ what: 'plainly' }];

/** Who cannot see the version waits for it. */
export const waiting: readonly Variant[] = [{ what: 'waiting for a version', headers: { 'min-version': '1' } }];

const withVariant = (sent: Sent, { headers = {}, body }: Variant): Sent => {
  const whole = { ...sent, headers: { ...sent.headers, ...headers } };
  return body === undefined || !['POST', 'PUT', 'PATCH'].includes(sent.method) ? whole : { ...whole, body };
};

export interface Comparison {
  readonly ways: readonly Way[];
  /** What is there, of somebody else. */
  readonly foreign: readonly Names[];
  /** What is not there. */
  readonly nothing: Names;
  readonly variants: readonly Variant[];
  /** What is told of nothing. */
  readonly statuses: readonly number[];
}

/** Asks as the other organization. Where the answers differ in a byte, in words. */
export const differences = async (
  { stage: { client, connection } }: Scene,
  { ways, foreign, nothing, variants, statuses }: Comparison,
): Promise<readonly string[]> => {
  const found: string[] = [];
  const attempts = ways.flatMap((way) => variants.map((variant) => ({ way, variant })));
  await severalAtATime(32, attempts, async ({ way: { baseUrl, route, name }, variant }) => {
    const authorization = `Bearer ${connection.tokens.otherOrganization}`;
    const ask = async (names: Names): Promise<string> => {
      const answer: Answer = await client.send(baseUrl, withVariant(requestFor(route, names, { authorization }), variant));
      if (!statuses.includes(answer.status)) found.push(`${name}, ${variant.what}: ${answer.status} ${answer.body.slice(0, 200)}`);
      return JSON.stringify(answer);
    };
    const expected = await ask(nothing);
    for (const answer of await Promise.all(foreign.map(ask)))
      if (answer !== expected) found.push(`${name}, ${variant.what}: ${answer} instead of ${expected}`);
  });
  return found.slice(0, 20);
};
