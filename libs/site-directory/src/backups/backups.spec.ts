import { hash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { backupMigrations, findBackup, storeBackup } from './index.js';

const sha256 = (text: Buffer) => hash('sha256', text);
const aBackup = (text: Buffer, executionId: string = randomUUID(), takenAt = '2026-03-01T02:00:00.123456Z') => ({
  organizationId: 'org_a',
  siteId: 'site_1111111111111111',
  executionId,
  text,
  sha256: sha256(text),
  takenAt,
});

describe('the archive of configurations', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await createTestDatabase();
    // As the executor has it: its own schema first, the archive beside it.
    database = await openDatabase({ url: test.url, schema: 'device_executor', applicationName: 'backups.spec' });
    await database.migrate(backupMigrations);
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('gives back every byte', async () => {
    for (const text of [
      Buffer.from('# RouterOS 7.18\r\n/ip address\n'),
      Buffer.alloc(0),
      Buffer.from([0, 255, 254, 10]),
      randomBytes(3_000_000),
    ]) {
      const backup = aBackup(text);
      await database.transaction((tx) => storeBackup(tx, backup));
      const found = await findBackup(database, backup);
      expect(found?.sha256).toBe(backup.sha256);
      expect(found?.text.equals(text)).toBe(true);
    }
  });

  it('stores the same text of an execution once', async () => {
    const backup = aBackup(Buffer.from('/system identity set name=a'));
    await storeBackup(database, backup);
    await storeBackup(database, backup);
    const [row] = await database.query<{ count: string }>('SELECT count(*) FROM site_backups.backups WHERE execution_id = $1', [
      backup.executionId,
    ]);
    expect(row?.count).toBe('1');
  });

  it('overwrites nothing when another owner took another text', async () => {
    const first = aBackup(Buffer.from('# 02:00:00'));
    const second = aBackup(Buffer.from('# 02:00:09'), first.executionId, '2026-03-01T02:00:09.000000Z');
    await storeBackup(database, second);
    await storeBackup(database, first);
    expect((await findBackup(database, { ...first, sha256: first.sha256 }))?.text.toString()).toBe('# 02:00:00');
    expect((await findBackup(database, { organizationId: 'org_a', executionId: first.executionId }))?.sha256).toBe(second.sha256);
  });

  it('is closed to other organizations', async () => {
    const backup = aBackup(Buffer.from('/user add name=admin'));
    await storeBackup(database, backup);
    expect(await findBackup(database, { organizationId: 'org_b', executionId: backup.executionId })).toBeNull();
    expect(await findBackup(database, { organizationId: 'org_a', executionId: randomUUID() })).toBeNull();
  });

  it('neither takes nor gives a text that its hash does not name', async () => {
    const backup = aBackup(Buffer.from('/user add name=admin'));
    await expect(storeBackup(database, { ...backup, text: Buffer.from('/user') })).rejects.toMatchObject({ code: 'backup_corrupt' });
    await storeBackup(database, backup);
    await database.query(
      'UPDATE site_backups.backups SET text_gzip = (SELECT text_gzip FROM site_backups.backups WHERE sha256 <> $1 LIMIT 1) WHERE sha256 = $1',
      [backup.sha256],
    );
    await expect(findBackup(database, backup)).rejects.toMatchObject({ code: 'backup_corrupt' });
  });
});
