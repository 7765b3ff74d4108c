import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { createLogger, parseEnvironment, startService } from '../../../libs/platform/dist/index.js';
import { startEmbeddedPostgres } from '../../../libs/postgres/dist/embedded/index.js';
import { definitionOf, serviceNames } from '../services.mjs';

jest.setTimeout(120_000);

const root = resolve(import.meta.dirname, '../../..');
const sql = (name) => readFileSync(join(root, 'docker/postgres', name), 'utf8');
const roleOf = (service) => service.replaceAll('-', '_');
const roles = serviceNames.map(roleOf);

/** Tables of others that a role may do something with; with the columns, where it may not read all of them. */
const reach = `
  SELECT r.rolname AS role, n.nspname || '.' || c.relname AS place,
    has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE') AS writes,
    (SELECT ' (' || string_agg(a.attname, ', ' ORDER BY a.attnum) || ')' FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')
        AND NOT has_table_privilege(r.oid, c.oid, 'SELECT')) AS columns
  FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE r.rolname = ANY ($1) AND c.relkind IN ('r', 'v') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND c.relowner <> r.oid
    AND has_schema_privilege(r.oid, n.oid, 'USAGE')
    AND (has_table_privilege(r.oid, c.oid, 'DELETE, TRUNCATE') OR has_any_column_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE'))
  ORDER BY 1, 2`;

describe('a database in which each service has a role of its own', () => {
  let folder;
  let server;
  let admin;
  const running = new Map();

  const environmentOf = (service) => {
    const own = new URL(server.url);
    [own.username, own.password] = [roleOf(service), 'password'];
    return {
      DATABASE_URL: own.href,
      MIGRATIONS: 'wait',
      // Elsewhere in a cluster: what matters here is what the services' own roles may do.
      EVENT_STORE_URL: server.url,
      MESSAGING_URL: server.url,
      CREDENTIALS_KEYS: `one:${Buffer.alloc(32, 'a').toString('base64')}`,
      APPROVAL_LINK_KEYS: `one:${Buffer.alloc(32, 'b').toString('base64')}`,
      AUTH_ISSUER: 'none',
      AUTH_AUDIENCE: 'none',
      AUTH_JWKS_URI: 'https://none.example',
      MAIL_URL: pathToFileURL(folder).href,
      PUBLIC_URL: 'https://none.example',
      USER_DIRECTORY_FILE: join(root, 'docker/demo/users.json'),
    };
  };
  const migrate = async (service) => {
    const { migrate: own, environment } = await definitionOf(service);
    await own?.(parseEnvironment(environment, environmentOf(service)));
  };
  const start = async (service) => {
    const logger = createLogger({ name: service, level: 'silent' });
    running.set(service, await startService(await definitionOf(service), environmentOf(service), { logger, port: 0 }));
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'scheduled-scripts-roles-'));
    server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'postgres'), durable: false });
    admin = new Client({ connectionString: server.url });
    await admin.connect();
    await admin.query(sql('roles.sql'));
    for (const role of roles) await admin.query(`ALTER ROLE ${role} PASSWORD 'password'`);
    await Promise.all(serviceNames.map(migrate));
    await admin.query(sql('grants.sql'));
    await Promise.all(serviceNames.map(start));
  });
  afterAll(async () => {
    await Promise.all([...running.values()].map((service) => service.stop()));
    await admin.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(serviceNames)('%s becomes ready, by checks that docs/operations.md explains', async (name) => {
    const ask = async () => (await fetch(`${running.get(name).healthUrl}/readyz`)).json();
    let answer = await ask();
    while (answer.status !== 'ok') {
      await pause(50);
      answer = await ask();
    }
    const explained = /\| check of `\/readyz` [\s\S]*?\n\n/.exec(readFileSync(join(root, 'docs/operations.md'), 'utf8'))[0];
    expect(Object.keys(answer.checks).filter((check) => !explained.includes(`\`${check}\``))).toEqual([]);
  });

  it('lets each see its own, and of others what the README of the site directory and the read model say', async () => {
    const { rows } = await admin.query(reach, [roles]);
    expect(rows.map(({ role, place, writes, columns }) => `${role} ${writes ? 'writes' : 'reads'} ${place}${columns ?? ''}`)).toEqual([
      'device_executor reads site_directory.sites',
      'notifier reads site_directory.sites (organization_id, id, name)',
      'query_api reads read_model.live_generation',
      'query_api reads read_model.scheduled_scripts',
      'query_api reads read_model.script_history',
      'query_api reads read_model.script_positions',
      'query_api reads read_model.site_executions',
      'query_api reads site_backups.backups',
    ]);
  });

  it('lets mails name sites', async () => {
    const metrics = await (await fetch(`${running.get('notifier').healthUrl}/metrics`)).text();
    expect(metrics).toMatch(/^scheduled_scripts_site_names_readable(\{.*\})? 1$/m);
  });

  it('makes nobody an administrator', async () => {
    const { rows } = await admin.query('SELECT FROM pg_roles WHERE rolname = ANY ($1) AND (rolsuper OR rolcreaterole OR rolcreatedb)', [
      roles,
    ]);
    expect(rows).toEqual([]);
  });

  it('knows a role for every service, in all files that list them', () => {
    const created = [...sql('roles.sql').matchAll(/^CREATE ROLE (\w+)/gm)].map(([, role]) => role);
    const listed = /for role in (.*); do/.exec(sql('passwords.sh'))[1].split(' ');
    expect([new Set(created), new Set(listed)]).toEqual([new Set(roles), new Set(roles)]);
  });
});
