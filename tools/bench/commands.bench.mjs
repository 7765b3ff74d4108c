import { randomBytes } from 'node:crypto';
import { organizationId, startAccess } from './harness/access.mjs';
import { rawRequest, startLoad } from './harness/load.mjs';
import { freePort } from './harness/ports.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { processorTime } from './harness/processor-time.mjs';
import { startOurService } from './harness/processes.mjs';
import { alternate, compared } from './harness/rounds.mjs';
import { startBareNest, startPlainNest, startSameEndpoint } from './peers/nest-processes.mjs';
import { sampleScript } from './samples.mjs';

const connections = 128;
const seconds = 3;
/** Until the code that runs often has been compiled, by threads that share the processors with what is measured. Ours has more of it. */
const warmUpSeconds = 15;
const siteCount = 500;
/** What ours has for both of its pools together. */
const poolSize = 15;

const siteIds = Array.from({ length: siteCount }, (_, index) => `site_${String(index).padStart(16, '0')}`);

const registerSites = async (url, headers) => {
  for (const [index, id] of siteIds.entries()) {
    const body = { id, name: `Router ${index}`, host: '192.0.2.1', port: 8728, tls: 'none', username: 'admin', password: 'secret' };
    const answer = await fetch(`${url}/sites`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`a site was answered ${answer.status}: ${await answer.text()}`);
  }
};

const startCommandApi = async (scope, postgres, access) => {
  const service = await startOurService(scope, 'command-api', {
    port: await freePort(),
    env: {
      ...access.env,
      DATABASE_URL: postgres.url,
      EVENT_STORE_URL: postgres.url,
      CREDENTIALS_KEYS: `bench:${randomBytes(32).toString('base64')}`,
      APPROVAL_LINK_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    },
  });
  await registerSites(service.url, access.headers);
  return service;
};

const posts = (path, headers) =>
  siteIds.map((siteId) => rawRequest({ method: 'POST', path, headers, body: sampleScript({ sites: [siteId] }) }));

export const commands = {
  name: 'commands',
  summary: 'POST /scripts/scheduled over HTTP, beside the same endpoint in plain Nest (Express, TypeORM), and beside one insert',
  async run({ scope, rounds, say }) {
    const postgres = await startPostgres(scope);
    const access = await startAccess(scope, ['script:create', 'site:manage']);
    const api = await startCommandApi(scope, postgres, access);
    const plain = await startPlainNest(scope, postgres.url, poolSize);
    const same = await startSameEndpoint(scope, postgres.url, poolSize, { access, organizationId, siteIds });
    const bare = await startBareNest(scope);
    const load = await startLoad(scope);

    const side =
      ({ url, pid }, requests) =>
      async ({ isWarmUp }) => {
        await postgres.settle();
        const before = processorTime([pid, postgres.pid]);
        const figures = await load({ url, requests, connections, seconds: isWarmUp ? warmUpSeconds : seconds, expected: 201 });
        const used = processorTime([pid, postgres.pid]);
        return { ...figures, microseconds: before === null ? NaN : (1e6 * (used - before)) / figures.answers };
      };
    const measured = await alternate(
      {
        ours: side(api, posts('/scripts/scheduled', access.headers)),
        same: side(same, posts('/scripts/scheduled', access.headers)),
        insert: side(plain, posts('/scripts', {})),
        bare: side(bare, posts('/scripts/bare', {})),
      },
      { rounds, onProgress: say },
    );
    const { ours, ...others } = measured;
    const rate = { what: `${connections} connections`, unit: 'commands/s', ours: ours.perSecond };
    const latency = { what: 'p99', unit: 'ms', ours: ours.p99, better: 'less' };
    const cost = { what: 'processor time a command', unit: 'µs', ours: ours.microseconds, better: 'less' };
    const beside = (against, { perSecond, p99, microseconds }, goals = [{}, {}]) => [
      compared({ ...rate, against, other: perSecond, ...goals[0] }),
      compared({ ...latency, against, other: p99, ...goals[1] }),
      compared({ ...cost, against, other: microseconds }),
    ];
    const goals = [{ atLeast: 5 }, { atLeast: 1, expected: 'lower' }];
    return {
      rows: [
        ...beside('Nest, the same endpoint', others.same, goals),
        ...beside('Nest, one insert and nothing else', others.insert, goals),
        ...beside('Nest on Fastify, nothing stored', others.bare),
      ],
      notes: [
        'Ours checks an ES256 token, validates, reserves a site in a commit of its own, and appends with an expected revision; it logs each request.',
        'The same endpoint: passport-jwt, a ValidationPipe, and one transaction that looks the sites up and keeps a script and an event.',
        'One insert: no token, no validation, no sites, no event. Both on Express and TypeORM, 15 connections to Postgres each, as ours; all durable.',
        'Nothing stored: the least that a POST costs in our framework; what is between it and ours is ours and Postgres.',
        `All ran for ${warmUpSeconds} s before: until then their code is still being compiled. Ours has the flags of its image.`,
        'Processor time: of the service and of Postgres, without the client. It does not depend on what else the machine does.',
      ],
    };
  },
};
