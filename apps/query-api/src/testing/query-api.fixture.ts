import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIssuer } from '@scheduled-scripts/auth/issuer';
import { scopes, type EventMessage } from '@scheduled-scripts/contracts';
import { createLogger, startService, type RunningService } from '@scheduled-scripts/platform';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase } from '@scheduled-scripts/postgres/testing';
import { announceChange, project, readModelMigrations } from '@scheduled-scripts/read-model';
import { backupMigrations } from '@scheduled-scripts/site-directory/backups';
import { queryApi } from '../query-api.service.js';

const users = {
  viewer: { sub: 'auth0|viewer', organizationId: 'org_a', scopes: [scopes.viewScripts, scopes.viewSites] },
  /** May see scripts, and no configuration of a router. */
  reader: { sub: 'auth0|reader', organizationId: 'org_a', scopes: [scopes.viewScripts] },
  /** May see no script. */
  porter: { sub: 'auth0|porter', organizationId: 'org_a', scopes: [scopes.viewSites] },
  /** Of the organization, and may do nothing. */
  nobody: { sub: 'auth0|nobody', organizationId: 'org_a', scopes: [] },
  stranger: { sub: 'auth0|stranger', organizationId: 'org_b', scopes: Object.values(scopes) },
} as const;

export type User = keyof typeof users;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  // What a test expects of it is what it tests.
  readonly json: unknown;
}

export interface GetOptions {
  /** `viewer` unless told; `null`: nobody. */
  readonly as?: User | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

export interface TestApi {
  readonly url: string;
  readonly database: Database;
  readonly databaseUrl: string;
  tokenOf(user: User, lifetimeSeconds?: number): Promise<string>;
  /** Another process that reads the same. */
  startReplica(variables?: Readonly<Record<string, string>>): Promise<RunningService>;
  get(path: string, options?: GetOptions): Promise<Answer>;
  /** What the projector would do with these messages. */
  project(messages: readonly EventMessage[], generation?: number): Promise<void>;
  stop(): Promise<void>;
}

export const startQueryApi = async (variables: Readonly<Record<string, string>> = {}): Promise<TestApi> => {
  const folder = await mkdtemp(join(tmpdir(), 'query-api-'));
  const issuer = await startIssuer({ keyFile: join(folder, 'keys.json'), nodeEnv: 'test' });
  const test = await createTestDatabase();
  const database = await openDatabase({ url: test.url, schema: 'read_model', applicationName: 'query-api.fixture' });
  await database.migrate([...readModelMigrations, ...backupMigrations]);
  const environment = {
    NODE_ENV: 'test',
    DATABASE_URL: test.url,
    AUTH_ISSUER: issuer.url,
    AUTH_AUDIENCE: issuer.audience,
    AUTH_JWKS_URI: issuer.jwksUri,
  };
  const logger = createLogger({ name: 'query-api', level: 'silent' });
  const startReplica = (more: Readonly<Record<string, string>> = variables): Promise<RunningService> =>
    startService(queryApi, { ...environment, ...more }, { port: 0, logger });
  const service = await startReplica();
  const tokenOf = (user: User, lifetimeSeconds = 600): Promise<string> => issuer.issueToken({ ...users[user], lifetimeSeconds });
  const tokens = new Map<User, string>();
  for (const user of Object.keys(users) as User[]) tokens.set(user, await tokenOf(user));

  return {
    url: service.url,
    database,
    databaseUrl: test.url,
    tokenOf,
    startReplica,
    get: async (path, { as = 'viewer', headers = {}, method = 'GET' } = {}) => {
      const authorization = as === null ? {} : { Authorization: `Bearer ${tokens.get(as)}` };
      const response = await fetch(`${service.url}${path}`, { method, headers: { ...authorization, ...headers } });
      const bytes = Buffer.from(await response.arrayBuffer());
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      return {
        status: response.status,
        headers: response.headers,
        bytes,
        json: isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : null,
      };
    },
    project: async (messages, generation = 1) => {
      await database.transaction((tx) => project(tx, generation, messages));
      announceChange(database);
    },
    stop: async () => {
      await service.stop();
      await database.close();
      await test.drop();
      await issuer.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Follows `Link: rel="next"` to the end; what each page held. */
export const walk = async (api: TestApi, path: string): Promise<readonly (readonly Record<string, unknown>[])[]> => {
  const pages: Record<string, unknown>[][] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer: Answer = await api.get(next);
    if (answer.status !== 200) throw new Error(`${next}: ${answer.bytes.toString()}`);
    pages.push(answer.json as Record<string, unknown>[]);
    next = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return pages;
};
