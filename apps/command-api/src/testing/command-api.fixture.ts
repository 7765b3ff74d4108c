import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { ApprovalLinks, parseApprovalLinkKeys } from '@scheduled-scripts/auth/approval-links';
import { startIssuer, type Issuer } from '@scheduled-scripts/auth/issuer';
import { scopes } from '@scheduled-scripts/contracts';
import { scheduledScriptStream, timestampOfMillis, type ScheduledScriptEvent } from '@scheduled-scripts/domain';
import type { EventStore, RecordedEvent } from '@scheduled-scripts/event-store';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { createLogger, startService } from '@scheduled-scripts/platform';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase } from '@scheduled-scripts/postgres/testing';
import { v7 } from 'uuid';
import { commandApi } from '../command-api.service.js';

// Suites start a whole service, on a machine that may be busy.
jest.setTimeout(30_000);

const everything = Object.values(scopes);

const users = {
  author: { sub: 'auth0|author', organizationId: 'org_a', scopes: everything.filter((scope) => scope !== scopes.authorizeScripts) },
  /** May all that an author may, and all that an approver may. */
  writer: { sub: 'auth0|writer', organizationId: 'org_a', scopes: everything },
  approver: { sub: 'auth0|approver', organizationId: 'org_a', scopes: everything },
  viewer: { sub: 'auth0|viewer', organizationId: 'org_a', scopes: [scopes.viewScripts, scopes.viewSites] },
  stranger: { sub: 'auth0|stranger', organizationId: 'org_b', scopes: everything },
} as const;

export type User = keyof typeof users;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // What a test expects of it is what it tests.
  readonly json: Record<string, unknown>;
}

export interface CallOptions {
  /** `author` unless told; `null`: nobody. */
  readonly as?: User | null;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An event as another service would append it. */
interface Recorded {
  readonly type: ScheduledScriptEvent['type'];
  readonly data: Readonly<Record<string, unknown>>;
}

export interface TestApi {
  readonly database: Database;
  readonly store: EventStore;
  readonly url: string;
  /** Who is who; read anew at each use. */
  readonly usersFile: string;
  /** Three sites of the users' organization, and one of the stranger's. */
  readonly sites: readonly string[];
  readonly foreignSite: string;
  /** Everything the service has logged. */
  logged(): string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A body that is accepted. */
  aScript(over?: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** Creates one as the author; its id. */
  newScript(over?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Creates and approves one; its id. */
  newScheduledScript(): Promise<string>;
  /** What other services would append. */
  record(scriptId: string, ...events: readonly Recorded[]): Promise<void>;
  eventsOf(scriptId: string): Promise<readonly RecordedEvent[]>;
  /** Everything that a request could change: rows by table. */
  rowCounts(): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

export const launchedByNow = {
  type: 'scheduled-script.launched.v1',
  data: { trigger: 'schedule', windowEndsAt: '2090-01-01T02:00:00.000000Z' },
} as const;
export const completed = { type: 'scheduled-script.rollout-completed.v1', data: { completed: 1, failed: 0, failedSites: [] } } as const;

export const statusesOf = (answers: readonly Answer[]): readonly number[] => answers.map(({ status }) => status).toSorted((a, b) => a - b);

const tokensOf = async (issuer: Issuer): Promise<Readonly<Record<User, string>>> => {
  const issue = async (user: User) => [user, await issuer.issueToken({ ...users[user], lifetimeSeconds: 600 })] as const;
  return Object.fromEntries(await Promise.all((Object.keys(users) as User[]).map(issue))) as Record<User, string>;
};

const approvalLinkKeys = `k1:${randomBytes(32).toString('base64')}`;
export const approvalLinks = new ApprovalLinks(parseApprovalLinkKeys(approvalLinkKeys));

const router = { name: 'Depot', host: '10.0.0.1', username: 'runner', password: 'router-password' };

/** `reach`: by which way the service reaches its database. */
export const startCommandApi = async (
  variables: Readonly<Record<string, string>> = {},
  reach: (url: string) => Promise<string> = (url) => Promise.resolve(url),
): Promise<TestApi> => {
  const folder = await mkdtemp(join(tmpdir(), 'command-api-'));
  const usersFile = join(folder, 'users.json');
  const people = { 'auth0|approver': { email: 'approver@a.example', approver: true }, 'auth0|viewer': { email: 'viewer@a.example' } };
  await writeFile(usersFile, JSON.stringify({ org_a: { ...people, 'auth0|author': { email: 'author@a.example', approver: true } } }));
  const issuer = await startIssuer({ keyFile: join(folder, 'keys.json'), nodeEnv: 'test' });
  const tokens = await tokensOf(issuer);
  const test = await createTestDatabase();
  const url = await reach(test.url);
  let log = '';
  const service = await startService(
    commandApi,
    {
      NODE_ENV: 'test',
      EVENT_STORE_URL: url,
      DATABASE_URL: url,
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: issuer.audience,
      AUTH_JWKS_URI: issuer.jwksUri,
      CREDENTIALS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      APPROVAL_LINK_KEYS: approvalLinkKeys,
      USER_DIRECTORY_FILE: usersFile,
      ...variables,
    },
    { port: 0, logger: createLogger({ name: 'command-api', level: 'trace', destination: { write: (line) => void (log += line) } }) },
  );
  const database = await openDatabase({ url: test.url, schema: 'command_api', applicationName: 'command-api.fixture' });
  const store = await openEventStore({ url: test.url, applicationName: 'command-api.fixture' });

  const call = async (method: string, path: string, { as = 'author', body, raw, headers = {} }: CallOptions = {}): Promise<Answer> => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: {
        ...(as === null ? {} : { Authorization: `Bearer ${tokens[as]}` }),
        ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? JSON.parse(text) : {} };
  };
  const newSite = async (as: User): Promise<string> => String((await call('POST', '/sites', { as, body: router })).json['id']);
  const sites = [await newSite('author'), await newSite('author'), await newSite('author')];
  const foreignSite = await newSite('stranger');

  const aScript = (over = {}) => ({
    description: 'Weekly firewall rule update',
    script: '/ip firewall filter add action=drop chain=input',
    launch_at: '2090-01-01T00:00:00Z',
    sites: [sites[0]],
    ...over,
  });
  const newScript = async (over = {}): Promise<string> => {
    const answer = await call('POST', '/scripts/scheduled', { body: aScript(over) });
    if (answer.status !== 201) throw new Error(`no script was created: ${answer.text}`);
    return String(answer.json['id']);
  };
  const eventsOf = (scriptId: string) => store.read(scheduledScriptStream(scriptId));

  return {
    database,
    store,
    url: service.url,
    usersFile,
    sites,
    foreignSite,
    logged: () => log,
    call,
    aScript,
    newScript,
    newScheduledScript: async () => {
      const id = await newScript();
      await call('POST', `/scripts/scheduled/${id}/authorize`, { as: 'approver' });
      return id;
    },
    record: async (scriptId, ...events) => {
      const at = timestampOfMillis(Date.now());
      const metadata = { organizationId: 'org_a', actor: 'service:test', at, correlationId: v7(), causationId: v7() };
      const outcome = await store.append({
        stream: scheduledScriptStream(scriptId),
        expected: (await eventsOf(scriptId)).at(-1)?.revision ?? 'no-stream',
        events: events.map(({ type, data }) => ({ id: v7(), type, data, metadata })),
      });
      if (!outcome.ok) throw new Error('somebody else has appended');
    },
    eventsOf,
    rowCounts: async () => {
      const tables = ['event_store.event', 'site_directory.sites', 'site_directory.site_uses', 'command_api.idempotency_keys'];
      const [row] = await database.query<Record<string, string>>(
        `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table}) AS "${table}"`).join(', ')}`,
      );
      return row ?? {};
    },
    stop: async () => {
      await service.stop();
      await Promise.all([database.close(), store.close(), issuer.stop()]);
      await test.drop();
      await rm(folder, { recursive: true });
    },
  };
};
