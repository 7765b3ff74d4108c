import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { openSiteDirectory, parseKeyRing, siteDirectoryMigrations, type SiteDirectory } from '@scheduled-scripts/site-directory';

/** The site directory of a suite's database, as command-api would keep it. */
export class KnownSites {
  private constructor(
    readonly database: Database,
    readonly directory: SiteDirectory,
  ) {}

  static async in(url: string): Promise<KnownSites> {
    const database = await openDatabase({ url, schema: 'site_directory', applicationName: 'known-sites' });
    await database.migrate(siteDirectoryMigrations);
    const keyRing = parseKeyRing(`k1:${randomBytes(32).toString('base64')}`);
    return new KnownSites(database, openSiteDirectory({ database, keyRing, allowLoopback: false }));
  }

  async add(organizationId: string, id: string, name: string): Promise<void> {
    const router = { host: '10.0.0.1', port: 8728, tls: 'none', tlsFingerprint: null, username: 'runner', serial: null } as const;
    await this.directory.create(organizationId, { ...router, id, name, password: 'hunter2' });
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
