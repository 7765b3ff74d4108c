import type { Logger } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';
import { siteNames } from '@scheduled-scripts/site-directory';
import type { SiteNames } from './site-names.js';

export interface DirectorySiteNamesOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** The longest that a mail is kept for names: the directory may be locked, by a migration for one. 2 s unless told. */
  readonly patienceMillis?: number;
}

/** Asks the site directory, of which the notifier may read names alone. */
export class DirectorySiteNames implements SiteNames {
  private isFailing = false;

  constructor(private readonly options: DirectorySiteNamesOptions) {}

  async of(organizationId: string, siteIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return (await this.ask(organizationId, siteIds)) ?? new Map<string, string>();
  }

  /** Would there be names now? */
  async canBeRead(): Promise<boolean> {
    return (await this.ask('', [])) !== null;
  }

  /** The log hears once that names cannot be read, and once that they can be again. */
  private async ask(organizationId: string, siteIds: readonly string[]): Promise<ReadonlyMap<string, string> | null> {
    const { database, logger, patienceMillis = 2_000 } = this.options;
    try {
      const names = await database.transaction(async (tx) => {
        await tx.query(`SELECT set_config('statement_timeout', $1, true)`, [String(patienceMillis)]);
        return siteNames(tx, organizationId, siteIds);
      });
      if (this.isFailing) logger.info({}, 'the names of sites can be read again');
      this.isFailing = false;
      return names;
    } catch (error) {
      if (!this.isFailing) logger.warn({ err: error }, 'the names of sites cannot be read: mails have their ids alone');
      this.isFailing = true;
      return null;
    }
  }
}
