import { ApprovalLinks, parseApprovalLinkKeys } from '@scheduled-scripts/auth/approval-links';
import { explainedProblems, openApiDocument, operations } from '@scheduled-scripts/contracts/openapi';
import { scheduledScripts, scriptSummaries } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { HousekeepingWorker, UsersFile, type ServiceDefinition } from '@scheduled-scripts/platform';
import { migrateSchema, openDatabase } from '@scheduled-scripts/postgres';
import { connectRouter, verifyDriver } from '@scheduled-scripts/routeros';
import { openSiteDirectory, parseKeyRing, siteDirectoryMigrations } from '@scheduled-scripts/site-directory';
import { Approvals } from './approvals/approvals.js';
import { CommandApiModule } from './command-api.module.js';
import { commandApiEnvironment, type CommandApiEnvironment } from './environment.js';
import { chores } from './housekeeping/chores.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';
import { idempotencyMigrations } from './idempotency/idempotency.migrations.js';
import { Scripts } from './scheduled-scripts/scripts.js';
import { siteCheckMetrics } from './sites/check/site-check.metrics.js';
import { SiteChecks } from './sites/check/site-checks.js';
import { rotateCredentialsCommand } from './sites/rotate-credentials.command.js';
import { Summaries } from './summaries/summaries.js';
import { emptyUserDirectory, FileUserDirectory } from './users/file.user-directory.js';
import type { UserDirectory } from './users/user-directory.js';

const name = 'command-api';

const openUsers = async (path: string | undefined): Promise<UserDirectory> => {
  if (path === undefined) return emptyUserDirectory;
  const file = new UsersFile(path);
  await file.check();
  return new FileUserDirectory(file);
};

const migrations = [...idempotencyMigrations, ...siteDirectoryMigrations];

const databaseOf = (env: CommandApiEnvironment) => ({
  url: env.DATABASE_URL.reveal(),
  schema: 'command_api',
  applicationName: name,
  poolSize: env.DATABASE_POOL_SIZE,
});

/** The HTTP write side: whoever wants a script or a site to be otherwise asks here. */
export const commandApi: ServiceDefinition<typeof commandApiEnvironment> = {
  name,
  description: 'takes commands about scheduled scripts and sites over HTTP',
  environment: commandApiEnvironment,
  migrate: (env) => migrateSchema(databaseOf(env), migrations),
  commands: {
    '--rotate-credentials': rotateCredentialsCommand(async (env: CommandApiEnvironment) => ({
      keyRing: parseKeyRing(env.CREDENTIALS_KEYS.reveal()),
      database: await openDatabase(databaseOf(env)),
    })),
  },
  create: async ({ env, logger, metrics, opened }) => {
    await verifyDriver();
    const keyRing = parseKeyRing(env.CREDENTIALS_KEYS.reveal());
    const users = await openUsers(env.USER_DIRECTORY_FILE);
    const database = opened('database', await openDatabase(databaseOf(env)));
    await database.migrate(migrations, env.MIGRATIONS);
    const store = opened('event store', await openEventStore({ url: env.EVENT_STORE_URL.reveal(), applicationName: name }));
    const repository = scheduledScripts(store);
    const sites = openSiteDirectory({ database, keyRing, allowLoopback: env.ALLOW_LOOPBACK_SITES });
    const keys = new IdempotencyKeys({ database, logger });
    const checks = new SiteChecks({
      database,
      keyRing,
      sites,
      connect: connectRouter,
      allowLoopback: env.ALLOW_LOOPBACK_SITES,
      timeoutMillis: env.SITE_CHECK_TIMEOUT_MILLIS,
      atOnce: env.SITE_CHECKS_AT_ONCE,
      now: Date.now,
      onEnd: siteCheckMetrics(metrics),
      onUnreadable: (error, { id }) => logger.error({ err: error, siteId: id }, 'the password of a site cannot be opened'),
    });
    const settings = {
      allowSelfAuthorization: env.ALLOW_SELF_AUTHORIZATION,
      maximumSites: env.MAX_SITES,
      executionWindowMillis: env.EXECUTION_WINDOW_MILLIS,
    };
    const scripts = new Scripts({ repository, sites, now: Date.now });
    const summaries = new Summaries({ repository: scriptSummaries(store), logger });
    const links = new ApprovalLinks(parseApprovalLinkKeys(env.APPROVAL_LINK_KEYS.reveal()));
    return {
      module: CommandApiModule.with({
        auth: { issuer: env.AUTH_ISSUER, audience: env.AUTH_AUDIENCE, jwksUri: env.AUTH_JWKS_URI, logger },
        settings,
        repository,
        scripts,
        summaries,
        approvals: new Approvals({ links, settings, repository, scripts, summaries, sites, users }),
        sites,
        checks,
        users,
        keys,
      }),
      workers: [new HousekeepingWorker({ chores: chores({ database, keyRing, keys, sites, scripts: repository, logger }), logger })],
      openApi: openApiDocument('command-api'),
      problems: explainedProblems(),
      servedElsewhere: operations.filter(({ servedBy }) => servedBy === 'query-api'),
      readiness: { database: () => database.ping(), 'event store': () => store.ping() },
    };
  },
};
