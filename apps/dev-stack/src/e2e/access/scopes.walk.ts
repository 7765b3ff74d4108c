import type { Json } from '@scheduled-scripts/auth/testing';
import { users } from '../../stack/users.js';
import { severalAtATime } from '../several-at-a-time.js';
import { everyScope } from './access-stage.js';
import type { Belongings, Names } from './belongings.js';
import type { Answer } from './http-client.js';
import type { Scene } from './scene.js';
import { codeOf, operationOf, requestFor, type Way } from './ways.js';

const scopeText = (what: string, text: string) => [what, { scope: text }, 403] as const;

/** Claims that say the right thing in a way that does not count. */
const notQuite = (needed: string): readonly (readonly [what: string, claims: Json, status: 401 | 403])[] => {
  const others = everyScope.filter((scope) => scope !== needed);
  const [area = '', deed = ''] = needed.split(':');
  return [
    scopeText('no scope', ''),
    scopeText('every other scope', others.join(' ')),
    ['every other permission', { scope: undefined, permissions: others }, 403],
    ['neither claim', { scope: undefined }, 403],
    scopeText('the scope in capitals', needed.toUpperCase()),
    scopeText('the scope with more behind', `${needed}s ${needed}:all ${needed}.`),
    scopeText('the scope with less behind', needed.slice(0, -1)),
    scopeText('a scope for all deeds', `${area}:* ${area} * *:* ${area}:`),
    scopeText('the deed alone', deed),
    scopeText('the scope between commas', `${others.join(',')},${needed}`),
    scopeText('the scope between tabs', `${others[0]}\t${needed}`),
    scopeText('the scope behind a blank that does not break', `${others[0]}\u00a0${needed}`),
    scopeText('the scope in quotation marks', `"${needed}"`),
    ['permissions in one text of the list', { scope: '', permissions: [`${others.join(' ')} ${needed}`] }, 403],
    ['the claim scp', { scope: '', scp: [needed] }, 403],
    ['the claim scopes', { scope: '', scopes: needed }, 403],
    ['the claim roles', { scope: '', roles: [needed, 'admin'] }, 403],
    ['the claim permission', { scope: '', permission: [needed] }, 403],
    ['a claim Scope', { scope: '', Scope: needed }, 403],
    ['a list as the claim scope', { scope: [needed] }, 401],
    ['text as the claim permissions', { scope: '', permissions: needed }, 401],
    ['an object as the claim permissions', { scope: '', permissions: { [needed]: true } }, 401],
  ];
};

/** Both say the same right. */
const enough = (needed: string): readonly Json[] => [
  { scope: needed },
  { scope: undefined, permissions: [needed] },
  { scope: 'other', permissions: [needed] },
  { scope: `  ${needed}  `, permissions: [] },
];

/** The scope that a refusal asks for. */
const neededBy = ({ headers }: Answer): string =>
  /^Bearer error="insufficient_scope", scope="([a-z:]+)"$/.exec(headers['www-authenticate'] ?? '')?.[1] ?? '';

const everybody = ({ ours, theirs, nobodys }: Belongings): readonly Names[] => [ours, theirs, nobodys];

/** As the author, with claims of the test's own about scopes. */
const askWith = ({ stage: { client, forge } }: Scene, { baseUrl, route }: Way, names: Names, claims: Json): Promise<Answer> => {
  const { sub, organizationId } = users.author;
  const token = forge.token({}, { sub, org_id: organizationId, ...claims });
  return client.send(baseUrl, requestFor(route, names, { authorization: `Bearer ${token}` }));
};

export interface NeededScopes {
  /** By the name of the way. */
  readonly scopes: ReadonlyMap<string, string>;
  readonly surprises: readonly string[];
}

/** Each route is asked for a scope by those who have none, about what is there and what is not. */
export const scopesOf = async (scene: Scene, ways: readonly Way[]): Promise<NeededScopes> => {
  const scopes = new Map<string, string>();
  const surprises: string[] = [];
  await severalAtATime(32, ways, async (way) => {
    const answers: Answer[] = [];
    for (const names of everybody(scene.belongings)) answers.push(await askWith(scene, way, names, { scope: '' }));
    const [first] = answers;
    const scope = first === undefined ? '' : neededBy(first);
    scopes.set(way.name, scope);
    const isHead = way.route.method === 'HEAD';
    const promised = operationOf(way.route)?.access;
    if (promised === undefined || promised === 'public' || promised.join(' ') !== scope)
      surprises.push(`${way.name} asks for the scope "${scope}"`);
    if (first?.status !== 403 || (!isHead && codeOf(first) !== 'scope_missing')) surprises.push(`${way.name}: ${first?.status}`);
    if (new Set(answers.map((answer) => JSON.stringify(answer))).size > 1) surprises.push(`${way.name} tells what is there`);
  });
  return { scopes, surprises };
};

/** Asks with every token that lacks the scope. */
export const walkWithoutScope = async (scene: Scene, ways: readonly Way[], needed: NeededScopes['scopes']): Promise<readonly string[]> => {
  const surprises: string[] = [];
  const attempts = ways.flatMap((way) => notQuite(needed.get(way.name) ?? '').map((claims) => ({ way, claims })));
  await severalAtATime(64, attempts, async ({ way, claims: [what, claims, status] }) => {
    const answer = await askWith(scene, way, scene.belongings.ours, claims);
    if (answer.status !== status) surprises.push(`${way.name}: ${what}: ${answer.status} ${answer.body.slice(0, 200)}`);
  });
  return surprises.slice(0, 20);
};

/** Asks with the scope and nothing else: about nobody's things, and of collections without a body, so that nothing changes. */
export const walkWithScope = async (scene: Scene, ways: readonly Way[], needed: NeededScopes['scopes']): Promise<readonly string[]> => {
  const surprises: string[] = [];
  const attempts = ways.flatMap((way) => enough(needed.get(way.name) ?? '').map((claims) => ({ way, claims })));
  await severalAtATime(32, attempts, async ({ way, claims }) => {
    const { stage, belongings } = scene;
    const { body: _, ...sent } = requestFor(way.route, belongings.nobodys, { authorization: `Bearer ${stage.forge.token({}, claims)}` });
    const { status } = await stage.client.send(way.baseUrl, sent);
    if (status === 401 || status === 403 || status >= 500) surprises.push(`${way.name}: ${JSON.stringify(claims)}: ${status}`);
  });
  return surprises.slice(0, 20);
};
