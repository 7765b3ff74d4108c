import type { SiteCheckJson, SiteCheckProblemCode } from '@scheduled-scripts/contracts';
import { cleanMessage, timestampOfMillis } from '@scheduled-scripts/domain';
import type { Peer } from '@scheduled-scripts/routeros';
import type { Site } from '@scheduled-scripts/site-directory';

/** What a check has found so far. */
export class Findings {
  reachable = false;
  fingerprint: string | null = null;
  loggedIn = false;
  identity: SiteCheckJson['identity'] = null;
  version: SiteCheckJson['version'] = null;
  rights: SiteCheckJson['rights'] = null;
  clock: SiteCheckJson['clock'] = null;
  readonly problems: SiteCheckJson['problems'] = [];

  constructor(
    private readonly site: Site,
    private readonly checkedAtMillis: number,
  ) {}

  readonly connected = ({ certificate }: Peer): void => {
    this.reachable = true;
    this.fingerprint = certificate;
  };

  /** `words`: ours, or the router's. */
  problem(code: SiteCheckProblemCode, words: string): void {
    this.problems.push({ code, message: cleanMessage(words) ?? code });
  }

  has(code: SiteCheckProblemCode): boolean {
    return this.problems.some((problem) => problem.code === code);
  }

  json(durationMillis: number): SiteCheckJson {
    const { id, tls } = this.site;
    return {
      site_id: id,
      checked_at: timestampOfMillis(this.checkedAtMillis),
      reachable: this.reachable,
      tls: { mode: tls, fingerprint: this.fingerprint, trusted: this.trusted },
      logged_in: this.loggedIn,
      identity: this.identity,
      version: this.version,
      rights: this.rights,
      clock: this.clock,
      duration_ms: Math.round(durationMillis),
      problems: this.problems,
    };
  }

  private get trusted(): boolean | null {
    if (this.site.tls === 'none') return null;
    if (this.has('tls_untrusted')) return false;
    return this.fingerprint === null ? null : true;
  }
}
