import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { settledDigest, type DatabaseDigest } from '../database-digest.js';
import { startAccessStage } from './access-stage.js';
import { makeBelongings } from './belongings.js';
import { walkWithForgedTokens } from './forged-tokens.walk.js';
import { walkThroughChecks } from './order-of-checks.walk.js';
import { differences, plainly, variantsOf, waiting } from './other-organization.walk.js';
import type { Scene } from './scene.js';
import { scopesOf, walkWithoutScope, walkWithScope, type NeededScopes } from './scopes.walk.js';
import { guardedWays, type Way } from './ways.js';

jest.setTimeout(120_000);

/** A route that is open to everybody is open because somebody decided so. */
const open = ['/livez', '/readyz', '/metrics', '/openapi.json', '/docs', '/authorize/:token'];
const isOpen = (path: string): boolean => open.includes(path) || path.startsWith('/docs/');

const named = (ways: readonly Way[], parameter: string): readonly Way[] => ways.filter(({ route }) => route.path.includes(parameter));

let scene: Scene;
let direct: readonly Way[];
let throughGateway: readonly Way[];
let all: readonly Way[];

beforeAll(async () => {
  const stage = await startAccessStage();
  scene = { stage, belongings: await makeBelongings(stage.connection) };
  ({ direct, throughGateway } = guardedWays(stage));
  all = [...direct, ...throughGateway];
});
afterAll(() => scene.stage.stop());

describe('of whatever is asked here nothing remains', () => {
  let before: DatabaseDigest;
  beforeEach(async () => {
    before = await settledDigest(scene.stage.database);
  });
  afterEach(async () => {
    expect(await settledDigest(scene.stage.database)).toEqual(before);
  });

  it('the routes that ask for no token are those that need none', () => {
    const served = scene.stage.services.flatMap(({ routes }) => routes.filter(({ isPublic }) => isPublic).map(({ path }) => path));
    expect([...new Set(served)].filter((path) => !isOpen(path))).toEqual([]);
    expect(direct.length).toBeGreaterThan(25);
  });

  it.each(['directly', 'through the gateway'])('a forged token is refused on every route, %s', async (how) => {
    const ways = how === 'directly' ? direct : throughGateway;
    const { surprises, bodies, attempts } = await walkWithForgedTokens(scene, ways);
    expect(surprises).toEqual([]);
    expect(attempts).toBeGreaterThan(ways.length * 200);
    // One for each code, whatever was wrong: nobody learns from it how to forge better.
    expect(bodies.map((body) => (JSON.parse(body) as { code: string }).code).toSorted()).toEqual([
      'token_expired',
      'token_invalid',
      'token_missing',
    ]);
  });

  describe('a caller', () => {
    let needed: NeededScopes;

    it('without a scope is told which one is lacking, whether there is anything or not', async () => {
      needed = await scopesOf(scene, all);
      expect(needed.surprises).toEqual([]);
      expect(needed.scopes.size).toBe(all.length);
    });

    it('without the scope is refused, whatever else the token says', async () => {
      expect(await walkWithoutScope(scene, all, needed.scopes)).toEqual([]);
    });

    it('with the scope alone is served, as text or in a list', async () => {
      expect(await walkWithScope(scene, all, needed.scopes)).toEqual([]);
    });

    it('hears of mistakes in one order: 401, syntax, 403, 404', async () => {
      expect((await walkThroughChecks(scene, all)).slice(0, 20)).toEqual([]);
    });
  });

  describe('another organization', () => {
    it('is told the same of what is ours and of what is not there, byte for byte', async () => {
      const { ours, nobodys } = scene.belongings;
      const { queryApiUrl, tokens } = scene.stage.connection;
      const headers = { authorization: `Bearer ${tokens.viewer}` };
      const shown = await scene.stage.client.send(queryApiUrl, { method: 'GET', path: `/scripts/scheduled/${ours.script}`, headers });
      const foreign = [ours.script, ours.unauthorized, ours.scheduled, ours.cancelled].map((script) => ({ ...ours, script }));
      const variants = variantsOf(String(shown.headers['etag']));
      const ways = named(all, ':id');
      expect(await differences(scene, { ways, foreign, nothing: nobodys, variants, statuses: [404, 400] })).toEqual([]);
    });

    it('is told nothing of ours below what is its own', async () => {
      const { ours, theirs: nothing } = scene.belongings;
      const ways = named(all, ':executionId');
      expect(ways.length).toBeGreaterThan(0);
      const foreign = [{ ...nothing, execution: ours.execution }];
      expect(await differences(scene, { ways, foreign, nothing, variants: plainly, statuses: [404] })).toEqual([]);
    });

    it('waits in vain for a version of ours as for one that will never be', async () => {
      const { ours, nobodys } = scene.belongings;
      const ways = named(direct, ':id').filter(({ baseUrl }) => baseUrl === scene.stage.connection.queryApiUrl);
      expect(await differences(scene, { ways, foreign: [ours], nothing: nobodys, variants: waiting, statuses: [503] })).toEqual([]);
    });
  });

  it('nobody calls where a forger would like', () => {
    expect(scene.stage.attacker.calls()).toBe(0);
  });
});
