import { problem, type SiteCheckJson } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { Queryable } from '@scheduled-scripts/postgres';
import {
  CredentialsUnreadable,
  openCredentials,
  type KeyRing,
  type Site,
  type SiteCredentials,
  type SiteDirectory,
} from '@scheduled-scripts/site-directory';
import { Deadline } from './deadline.js';
import { Findings } from './findings.js';
import { RouterQuestions } from './question-router.js';
import { reachRouter, type ReachOptions } from './reach-router.js';

export interface SiteChecksOptions extends ReachOptions {
  readonly database: Queryable;
  readonly keyRing: KeyRing;
  readonly sites: Pick<SiteDirectory, 'withSerial'>;
  /** For all of one check; to say goodbye takes up to a second more. */
  readonly timeoutMillis: number;
  readonly atOnce: number;
  readonly now: () => number;
  readonly onEnd: (check: SiteCheckJson) => void;
  /** No router is at fault: somebody has to look at the keys. */
  readonly onUnreadable: (error: CredentialsUnreadable, site: Site) => void;
}

/**
 * Looks whether a script could be run at a site, over a session of its own beside whatever an executor does there. Whatever is wrong
 * with a router is an answer, not an error.
 */
export class SiteChecks {
  private readonly running = new Set<string>();

  constructor(private readonly options: SiteChecksOptions) {}

  /** Throws 409 while the site is being checked already, and 429 where too many others are, both in this process. */
  async check(site: Site): Promise<SiteCheckJson> {
    const key = JSON.stringify([site.organizationId, site.id]);
    const headers = { 'Retry-After': '1' };
    if (this.running.has(key)) throw new ApiError(problem('site_check_in_progress', { headers }));
    if (this.running.size >= this.options.atOnce) {
      throw new ApiError(problem('too_many_requests', { message: 'Too many sites are being checked now.', headers }));
    }
    this.running.add(key);
    try {
      const check = await this.run(site);
      this.options.onEnd(check);
      return check;
    } finally {
      this.running.delete(key);
    }
  }

  private async run(site: Site): Promise<SiteCheckJson> {
    const { now, timeoutMillis } = this.options;
    const checkedAt = now();
    const deadline = new Deadline(timeoutMillis);
    const credentials = await this.credentialsOf(site);
    if (credentials === null) throw new ApiError(problem('site_not_found'));
    const found = new Findings(credentials === 'unreadable' ? site : credentials.site, checkedAt);
    if (credentials === 'unreadable')
      found.problem('credentials_unreadable', 'the password of the site cannot be opened with the keys at hand');
    else await this.look(credentials, deadline, found);
    return found.json(deadline.spentMillis);
  }

  private async credentialsOf(site: Site): Promise<SiteCredentials | 'unreadable' | null> {
    const { database, keyRing, onUnreadable } = this.options;
    try {
      return await openCredentials(database, keyRing, { organizationId: site.organizationId, siteId: site.id });
    } catch (error) {
      if (!(error instanceof CredentialsUnreadable)) throw error;
      onUnreadable(error, site);
      return 'unreadable';
    }
  }

  private async look({ site, password }: SiteCredentials, deadline: Deadline, found: Findings): Promise<void> {
    const session = await reachRouter(site, password, this.options, deadline, found);
    if (session === null) return;
    try {
      await new RouterQuestions(session, site, deadline, found, this.options.now).ask();
    } finally {
      await session.close();
    }
    const serial = found.identity?.serial ?? null;
    if (serial === null) return;
    const others = (await this.options.sites.withSerial(site.organizationId, serial)).filter((id) => id !== site.id);
    if (others.length > 0) found.problem('registered_twice', `this router is registered as ${others.join(', ')} as well`);
  }
}
