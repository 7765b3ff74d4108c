import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase } from '@scheduled-scripts/postgres/testing';
import { openSiteDirectory, parseKeyRing, siteDirectoryMigrations, type SiteDirectory, type UseOf } from '../index.js';

/** A directory on a database of its own, whose sites are reserved, and removed if nobody needs them. */
export interface ReservedSites {
  readonly database: Database;
  readonly directory: SiteDirectory;
  /** Answers its id. */
  readonly newSite: () => Promise<string>;
  readonly remove: (siteId: string, useOf: UseOf) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export const startReservedSites = async (organizationId: string): Promise<ReservedSites> => {
  const test = await createTestDatabase();
  const database = await openDatabase({ url: test.url, schema: 'site_directory', applicationName: 'spec' });
  await database.migrate(siteDirectoryMigrations);
  const keyRing = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
  const directory = openSiteDirectory({ database, keyRing, allowLoopback: true });
  const router = { host: '10.0.0.1', port: 8728, tls: 'none', tlsFingerprint: null, username: 'runner', serial: null } as const;
  return {
    database,
    directory,
    newSite: async () => (await directory.create(organizationId, { ...router, name: 'Depot', password: 'p' })).id,
    remove: (siteId, useOf) => directory.remove(organizationId, siteId, { useOf }),
    stop: async () => {
      await database.close();
      await test.drop();
    },
  };
};
