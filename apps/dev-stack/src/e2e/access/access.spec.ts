import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { settledDigest, type DatabaseDigest } from '../database-digest.js';
import { startAccessStage } from './access-stage.js';
import { approvalToken, askOf, cursorIn, idOf, idsIn, type Ask } from './asking.js';
import { aScript, aSite, makeBelongings } from './belongings.js';
import { walkWithForgedTokens } from './forged-tokens.walk.js';
import { walkOverMethods } from './methods.walk.js';
import { walkThroughChecks } from './order-of-checks.walk.js';
import { differences, plainly, variantsOf, waiting } from './other-organization.walk.js';
import type { Scene } from './scene.js';
import { scopesOf, walkWithoutScope, walkWithScope, type NeededScopes } from './scopes.walk.js';
import { guardedWays, pathOf, requestFor, type Way } from './ways.js';

jest.setTimeout(120_000);

/** A route that is open to everybody is open because somebody decided so. */
const openPaths = ['/livez', '/readyz', '/metrics', '/openapi.json', '/docs', '/authorize/:token'];
const isOpen = (path: string): boolean => openPaths.includes(path) || path.startsWith('/docs/');

const waysNaming = (ways: readonly Way[], parameter: string): readonly Way[] => ways.filter(({ route }) => route.path.includes(parameter));

let scene: Scene;
let direct: readonly Way[];
let throughGateway: readonly Way[];
let all: readonly Way[];
let ask: Ask;

beforeAll(async () => {
  const stage = await startAccessStage();
  scene = { stage, belongings: await makeBelongings(stage) };
  ({ direct, throughGateway } = guardedWays(stage));
  all = [...direct, ...throughGateway];
  ask = askOf(stage);
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

  it('a route with a parameter that the walk does not know would stop it', () => {
    const unknown = { method: 'GET', path: '/sites/:id/ports/:port', isPublic: false };
    expect(() => pathOf(unknown, scene.belongings.ours)).toThrow('GET /sites/:id/ports/:port: the walk has nothing to put in for :port');
  });

  it('every path has the methods of the API, whoever is asked, and says which', async () => {
    expect(await walkOverMethods(scene)).toEqual([]);
  });

  it.each([
    ['directly', 200],
    ['through the gateway', 60],
  ])('a forged token is refused on every route, %s, in %d ways and more', async (how, kinds) => {
    const [ways, share] = how === 'directly' ? [direct, 1] : [throughGateway, 3];
    const { surprises, bodies, attempts } = await walkWithForgedTokens(scene, ways, share);
    expect(surprises).toEqual([]);
    expect(attempts).toBeGreaterThan(ways.length * kinds);
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
      expect(await walkThroughChecks(scene, all)).toEqual([]);
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
      const ways = waysNaming(all, ':id');
      expect(await differences(scene, { ways, foreign, nothing: nobodys, variants, statuses: [404, 400] })).toEqual([]);
    });

    it('is told nothing of ours below what is its own', async () => {
      const { ours, theirs: nothing } = scene.belongings;
      const ways = waysNaming(all, ':executionId');
      expect(ways.length).toBeGreaterThan(0);
      const foreign = [{ ...nothing, execution: ours.execution }];
      expect(await differences(scene, { ways, foreign, nothing, variants: plainly, statuses: [404] })).toEqual([]);
    });

    it('waits in vain for a version of ours as for one that will never be', async () => {
      const { ours, nobodys } = scene.belongings;
      const ways = waysNaming(direct, ':id').filter(({ baseUrl }) => baseUrl === scene.stage.connection.queryApiUrl);
      expect(await differences(scene, { ways, foreign: [ours], nothing: nobodys, variants: waiting, statuses: [503] })).toEqual([]);
    });
  });

  it('whoever has no token reads nothing of ours', async () => {
    const { ours, theirs } = scene.belongings;
    const pages = await Promise.all(
      scene.stage.services.flatMap(({ url, routes }) =>
        routes
          .filter(({ isPublic, method }) => isPublic && method === 'GET')
          .map((route) => scene.stage.client.send(url, requestFor(route, ours))),
      ),
    );
    expect(pages.length).toBeGreaterThan(8);
    for (const secret of ['org_demo', 'org_other', ours.script, ours.site, theirs.script]) {
      expect(pages.filter(({ body }) => body.includes(secret)).map(({ body }) => body.slice(0, 200))).toEqual([]);
    }
  });

  it('nobody calls where a forger would like', () => {
    expect(scene.stage.attacker.calls()).toBe(0);
  });
});

describe('another organization, where it may do something', () => {
  it.each(['sites', 'test_site_id'])('is told the same of our sites in %s as of those of nobody', async (field) => {
    const { ours, theirs, nobodys } = scene.belongings;
    const aim = async (site: string): Promise<readonly (readonly [number, string])[]> => {
      const body = aScript(theirs.site, { [field]: field === 'sites' ? [theirs.site, site] : site });
      const answers = [
        await ask('otherOrganization', 'POST', '/scripts/scheduled', { body }),
        await ask('otherOrganization', 'PUT', `/scripts/scheduled/${theirs.script}`, { body }),
      ];
      return answers.map((answer) => [answer.status, answer.body.replaceAll(site, 'site')] as const);
    };
    const told = await aim(ours.site);
    expect(told).toEqual(await aim(nobodys.site));
    expect(told.map(([status, body]) => [status, (JSON.parse(body) as { code: string }).code])).toEqual([
      [422, 'unknown_site'],
      [422, 'unknown_site'],
    ]);
  });

  it('has ids and serial numbers of sites to itself', async () => {
    const { site } = scene.belongings.ours;
    const before = await ask('viewer', 'GET', `/sites/${site}`);
    const { serial } = JSON.parse(before.body) as { serial: string };
    expect(serial).toEqual(expect.any(String));
    const registered = await ask('otherOrganization', 'POST', '/sites', { body: aSite({ id: site, serial }) });
    expect([registered.status, idOf(registered)]).toEqual([201, site]);
    expect((await ask('otherOrganization', 'DELETE', `/sites/${site}`)).status).toBe(204);
    expect(await ask('viewer', 'GET', `/sites/${site}`)).toEqual(before);
  });

  it('cannot have our people asked for an approval, nor learn whom we have', async () => {
    const { site } = scene.belongings.theirs;
    const answers = [];
    for (const person of ['auth0|approver', 'auth0|nobody']) {
      const script = idOf(await ask('otherOrganization', 'POST', '/scripts/scheduled', { body: aScript(site, { notify: [person] }) }));
      answers.push(await ask('otherOrganization', 'GET', `/scripts/scheduled/${script}/authorize`));
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 422, body: expect.stringContaining('no_approver') });
  });

  it('approves nothing of ours by a link', async () => {
    const { ours, nobodys } = scene.belongings;
    const strangeKeys = `own:${Buffer.alloc(32, 7).toString('base64')}`;
    for (const method of ['GET', 'POST']) {
      const open = (token: string) => ask(null, method, `/authorize/${token}`);
      const forge = (script: string) => open(approvalToken(strangeKeys, script));
      const [forOurs, forNothing] = [await forge(ours.unauthorized), await forge(nobodys.script)];
      expect(forOurs).toEqual(forNothing);
      expect(forOurs).toEqual(await open('nonsense'));
      // Not even by one that our own key has signed.
      const genuine = await open(approvalToken(scene.stage.settings.approvalLinkKeys, ours.unauthorized));
      expect(genuine.status).toBeGreaterThanOrEqual(400);
      expect(genuine.body).not.toContain(':put');
    }
    expect((await ask('viewer', 'GET', `/scripts/scheduled/${ours.unauthorized}`)).body).toContain('"status":"unauthorized"');
  });

  it('shares no key of idempotency with anybody, and nobody shares one with a colleague', async () => {
    const { ours, theirs } = scene.belongings;
    const headers = { 'idempotency-key': 'the-same-for-all' };
    const create = (who: 'author' | 'approver' | 'otherOrganization', site: string) =>
      ask(who, 'POST', '/scripts/scheduled', { headers, body: aScript(site) });
    const first = await create('author', ours.site);
    const others = [await create('approver', ours.site), await create('otherOrganization', theirs.site)];
    expect(new Set([first, ...others].map(idOf)).size).toBe(3);
    expect(idOf(await create('author', ours.site))).toBe(idOf(first));
    expect(await create('otherOrganization', ours.site)).toMatchObject({
      status: 409,
      body: expect.stringContaining('idempotency_key_reused'),
    });
  });

  it.each(['/scripts/scheduled', '/sites'])('has nothing of ours in %s', async (path) => {
    const [ours, theirs] = [idsIn(await ask('viewer', 'GET', path)), idsIn(await ask('otherOrganization', 'GET', path))];
    expect(Math.min(ours.length, theirs.length)).toBeGreaterThan(0);
    expect(theirs.filter((id) => ours.includes(id))).toEqual([]);
  });

  it.each(['/scripts/scheduled', '/sites'])('walks its own pages of %s by a cursor of ours', async (path) => {
    const cursor = cursorIn(await ask('viewer', 'GET', `${path}?limit=1`));
    expect(cursor).not.toBe('');
    const theirs = idsIn(await ask('otherOrganization', 'GET', path));
    const behind = idsIn(await ask('otherOrganization', 'GET', `${path}?cursor=${cursor}`));
    expect(behind.filter((id) => !theirs.includes(id))).toEqual([]);
    expect(idsIn(await ask('otherOrganization', 'GET', `/scripts/scheduled?site=${scene.belongings.ours.site}`))).toEqual([]);
  });

  it.each(['executions', 'history'])('finds nothing of our %s by a cursor of ours', async (list) => {
    const { ours, theirs } = scene.belongings;
    const cursor = cursorIn(await ask('viewer', 'GET', `/scripts/scheduled/${ours.script}/${list}?limit=1`));
    expect(cursor).not.toBe('');
    const found = await ask('otherOrganization', 'GET', `/scripts/scheduled/${theirs.script}/${list}?cursor=${cursor}`);
    expect(found).toMatchObject({ status: 200, body: expect.not.stringContaining('auth0|author') });
    expect(found.body).not.toContain(ours.site);
  });
});

it('no token and no password is in the log', () => {
  const log = readFileSync(scene.stage.settings.logFile, 'utf8');
  expect(log.length).toBeGreaterThan(10_000);
  expect(/eyJ[\w-]{20,}|router-password/.exec(log)).toBeNull();
});
