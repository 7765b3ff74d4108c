import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { openCredentials, openSiteDirectory, parseKeyRing, siteDirectoryMigrations } from '@scheduled-scripts/site-directory';
import { newKey, Program } from '../testing/program.js';

const [oldKey, currentKey] = [newKey('2025'), newKey('2026')];

describe('command-api --rotate-credentials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rotate-credentials-'));
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'site_directory', applicationName: 'rotate-credentials.spec' });
    await database.migrate(siteDirectoryMigrations);
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
    rmSync(folder, { recursive: true });
  });

  const program = async (args: readonly string[], variables: Readonly<Record<string, string>>) => {
    const run = new Program(args, { DATABASE_URL: test.url, ...variables });
    return { code: await run.exited, out: run.out };
  };
  const rotate = (ring: string, ...args: string[]) => program(['--rotate-credentials', ...args], { CREDENTIALS_KEYS: ring });

  const sites: string[] = [];
  beforeEach(async () => {
    await database.query('DELETE FROM site_directory.sites');
    sites.length = 0;
    const directory = openSiteDirectory({ database, keyRing: parseKeyRing(oldKey), allowLoopback: false });
    const router = { host: '10.0.0.1', port: 8728, tls: 'none', tlsFingerprint: null, username: 'runner', serial: null } as const;
    for (const password of ['first-secret', 'second-secret', 'third-secret']) {
      sites.push((await directory.create('org_a', { ...router, name: 'Depot', password })).id);
    }
  });

  const passwords = async (ring: string) => {
    const opened = sites.map((siteId) => openCredentials(database, parseKeyRing(ring), { organizationId: 'org_a', siteId }));
    return (await Promise.all(opened)).map((credentials) => credentials?.password);
  };

  it('moves every password to the current key, says so, and ends with 0', async () => {
    const { code, out } = await rotate(`${currentKey},${oldKey}`);
    expect(out.trimEnd().split('\n')).toEqual([
      'the current key is 2026',
      'sealed anew: 3',
      'under 2026: 3 sites',
      'done: 3 sealed anew, no other key is needed',
    ]);
    expect(code).toBe(0);
    expect(await passwords(currentKey)).toEqual(['first-secret', 'second-secret', 'third-secret']);
    expect(await rotate(currentKey)).toMatchObject({ code: 0, out: expect.stringContaining('done: 0 sealed anew') });
  });

  it('takes the ring from a file', async () => {
    const file = join(folder, 'keys');
    writeFileSync(file, `${currentKey}\n${oldKey}\n`);
    expect(await program(['--rotate-credentials'], { CREDENTIALS_KEYS_FILE: file })).toMatchObject({ code: 0 });
    expect(await passwords(currentKey)).toEqual(['first-secret', 'second-secret', 'third-secret']);
  });

  it('says under which key passwords are left that the ring cannot open, and ends with 1', async () => {
    await database.query(`UPDATE site_directory.sites SET password_key_id = '2019' WHERE id = $1`, [sites[1]]);
    const { code, out } = await rotate(`${currentKey},${oldKey}`);
    expect(out).toContain('under 2019: 1 site, and the ring has no such key');
    expect(out).toContain('under 2026: 2 sites');
    expect(out).toContain('put the missing key in');
    expect(code).toBe(1);
  });

  it('shows neither a key nor a password', async () => {
    await database.query(`UPDATE site_directory.sites SET password_key_id = '2019' WHERE id = $1`, [sites[1]]);
    const { out } = await rotate(`${currentKey},${oldKey}`);
    for (const secret of ['-secret', ...[oldKey, currentKey].map((entry) => entry.split(':')[1] ?? '')]) expect(out).not.toContain(secret);
  });

  it('is in the help, and takes no arguments', async () => {
    expect(await program(['--help'], {})).toMatchObject({
      code: 0,
      out: expect.stringMatching(/--rotate-credentials {2}seals every password/),
    });
    expect(await rotate(currentKey, '--force')).toMatchObject({ code: 2, out: 'usage: --rotate-credentials\n' });
  });

  it('does not begin with a ring that is none', async () => {
    expect(await rotate('2026:short')).toMatchObject({ code: 2, out: expect.stringContaining('CREDENTIALS_KEYS') });
  });
});
