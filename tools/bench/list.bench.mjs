import { limits } from '@scheduled-scripts/contracts';
import { openDatabase } from '@scheduled-scripts/postgres';
import { prepareForReaders, readModel, readModelMigrations } from '@scheduled-scripts/read-model';
import { organizationId, startAccess } from './harness/access.mjs';
import { callers } from './harness/callers.mjs';
import { rawRequest, startLoad } from './harness/load.mjs';
import { freePort } from './harness/ports.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { startOurService } from './harness/processes.mjs';
import { alternate, compared } from './harness/rounds.mjs';
import { startPlainNest } from './peers/nest-processes.mjs';

const scripts = 500_000;
const pageRows = 50;
const connections = 16;
const seconds = 2;
/** query-api's own. */
const poolSize = 10;
const deepPage = 10_000;
const deepName = 'page 10 000';

const idOf = (number) => `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
const idInSql = (number) => `('00000000-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const siteInSql = (number) => `'site_' || lpad((${number} % 5000)::text, 16, '0')`;

const plan = JSON.stringify({
  description: 'Move the guests to a network of their own',
  script: '/interface vlan add name=guests vlan-id=30 interface=bridge\n/ip address add address=10.30.0.1/24 interface=guests\n',
  notify: ['auth0|approver'],
  testSiteId: null,
  makeBackup: true,
  abortIfOffline: false,
});

/** Half of the scripts have been launched, each at one site. */
const rows = [
  `INSERT INTO scheduled_scripts_g1
     SELECT ${idInSql('n')}, '${organizationId}', 3, 3, CASE n % 2 WHEN 0 THEN 'launched' ELSE 'scheduled' END, 'auth0|author',
       '2026-03-01T02:00:00.000000Z', '2026-02-01T02:00:00.000000Z', NULL, '2026-01-01T02:00:00.000000Z', '2026-01-01T02:00:00.000000Z',
       'sha', ARRAY[${siteInSql('n')}], '${plan}', ${plan.length}, -1, NULL, NULL
     FROM generate_series(1, ${scripts}) AS n`,
  `INSERT INTO site_executions_g1
     SELECT ${idInSql(`n + ${scripts}`)}, '${organizationId}', ${idInSql('n')}, ${siteInSql('n')}, 'rollout',
       '2026-03-01T02:00:00.000000Z', 4, 'completed', NULL, NULL, '2026-03-01T02:00:00.000000Z', '2026-03-01T02:00:01.000000Z', NULL
     FROM generate_series(2, ${scripts}, 2) AS n`,
];

const seed = async (database) => {
  await database.migrate(readModelMigrations);
  // What only readers need is made when the rows are there, as in a rebuild. Tables without a log are read as others are.
  for (const name of ['scheduled_scripts_g1', 'site_executions_g1']) await database.query(`ALTER TABLE ${name} SET UNLOGGED`);
  const indexes = await database.query(
    `SELECT indexname FROM pg_indexes WHERE schemaname = 'read_model' AND indexname ~ '_g1_(newest|by)'`,
  );
  for (const { indexname } of indexes) await database.query(`DROP INDEX ${indexname}`);
  for (const statement of rows) await database.query(statement);
  await prepareForReaders(database, 1);
};

/** The statement and the parameters that the read model would send. */
const statementOf = async (query) => {
  let sent;
  const asked = readModel({
    query: (text, values, name) => {
      sent = { text, values, name };
      return Promise.resolve([]);
    },
  });
  await asked.list(query);
  // By an unqualified name the bare driver would find nothing.
  return { ...sent, text: sent.text.replace(/\b(scheduled_scripts|site_executions)\b/g, 'read_model.$1') };
};

const cursorOf = (beforeId) => Buffer.from(JSON.stringify([beforeId])).toString('base64url');

/** Newest first: page 1 begins with the largest number. */
const lastBefore = idOf(scripts - (deepPage - 1) * pageRows + 1);

export const list = {
  name: 'list',
  summary: 'GET /scripts/scheduled, 50 of 500 000, beside offset paging by TypeORM and beside the same SQL by the bare driver',
  async run({ scope, rounds, say }) {
    const postgres = await startPostgres(scope);
    const database = await openDatabase({
      url: postgres.url,
      schema: 'read_model',
      applicationName: 'bench',
      statementTimeoutMillis: 300_000,
    });
    await scope.add(database, () => database.close());
    say(`seeding ${scripts} scripts`);
    await seed(database);

    const access = await startAccess(scope, ['script:view']);
    const env = { ...access.env, DATABASE_URL: postgres.url };
    const api = await startOurService(scope, 'query-api', { port: await freePort(), env });
    const plain = await startPlainNest(scope, postgres.url, poolSize);
    const load = await startLoad(scope);
    const pool = await postgres.pool(poolSize);

    const http = (url, path, headers) => () =>
      load({ url, requests: [rawRequest({ path, headers })], connections, seconds, expected: 200 });
    const ours = (place) => http(api.url, `/scripts/scheduled?limit=${pageRows}${place}`, access.headers);
    const statement = await statementOf({ organizationId, beforeId: lastBefore, size: { rows: pageRows, bytes: limits.pageBytes } });
    const measured = await alternate(
      {
        first: ours(''),
        deep: ours(`&cursor=${cursorOf(lastBefore)}`),
        offset: http(plain.url, `/scripts?page=${deepPage}`, {}),
        sql: async () => ({ perSecond: await callers(connections, seconds, () => pool.query(statement)) }),
      },
      { rounds, onProgress: say },
    );
    const { first, deep, offset, sql } = measured;
    const line = { what: deepName, unit: 'pages/s', ours: deep.perSecond };
    return {
      rows: [
        compared({ ...line, against: 'Nest, findAndCount', other: offset.perSecond, atLeast: 100 }),
        compared({ ...line, against: 'same SQL by pg', other: sql.perSecond, atLeast: 1 / 3, expected: '≥ 1/3' }),
        compared({ ...line, against: 'page 1', other: first.perSecond, atLeast: 0.8, expected: 'flat (≥ 0.8×)' }),
        compared({
          what: `${deepName}, p99`,
          unit: 'ms',
          ours: deep.p99,
          against: 'Nest, findAndCount',
          other: offset.p99,
          better: 'less',
        }),
      ],
      notes: [
        `${connections} connections. Ours checks an ES256 token, joins the progress of launched scripts and makes the promised JSON; same SQL by pg is without HTTP.`,
        'The other side asks the same table for rows without their progress, with neither token nor mapping.',
      ],
    };
  },
};
