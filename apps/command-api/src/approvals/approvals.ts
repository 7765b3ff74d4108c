import type { ApprovalLinks } from '@scheduled-scripts/auth/approval-links';
import { summaryOf, type ScheduledScript } from '@scheduled-scripts/domain';
import type { Loaded, ScheduledScripts } from '@scheduled-scripts/event-store';
import { ApiError } from '@scheduled-scripts/platform';
import type { SiteDirectory } from '@scheduled-scripts/site-directory';
import type { Settings } from '../settings.js';
import type { Asker, Scripts } from '../scheduled-scripts/scripts.js';
import type { Summaries } from '../summaries/summaries.js';
import type { UserDirectory } from '../users/user-directory.js';
import { refusalOf, type ApprovalRefusal } from './approval-refusal.js';

/** What an approver has to know to decide. */
export interface OpenApproval {
  readonly kind: 'open';
  readonly script: ScheduledScript;
  readonly summary: string | null;
  readonly recipient: string;
  /** What the first sites are called, by id. */
  readonly siteNames: ReadonlyMap<string, string>;
}

export type ApprovalOutcome =
  | { readonly kind: 'approved'; readonly script: ScheduledScript; readonly recipient: string }
  | { readonly kind: 'refused'; readonly refusal: ApprovalRefusal };

export interface ApprovalsOptions {
  readonly links: ApprovalLinks;
  readonly settings: Pick<Settings, 'allowSelfAuthorization'>;
  readonly repository: Pick<ScheduledScripts, 'prepare' | 'load'>;
  readonly scripts: Scripts;
  readonly summaries: Summaries;
  readonly sites: Pick<SiteDirectory, 'namesOf'>;
  readonly users: UserDirectory;
}

/** The right that a token is, and what it is about. */
interface Granted {
  /** As it was loaded to see whose it is: the decision begins with that. */
  readonly loaded: Loaded<ScheduledScript>;
  readonly recipient: Asker;
  readonly authorizationId: string;
}

/** So many sites are named on the page: what is more, nobody reads there. */
export const mostSitesNamed = 200;

const refused = (refusal: ApprovalRefusal) => ({ kind: 'refused', refusal }) as const;

/** Approval by whoever holds the token of a link. Rejects only where something is out of order; every refusal is an outcome. */
export class Approvals {
  constructor(private readonly options: ApprovalsOptions) {}

  /** Changes nothing, however often it is asked: mail scanners follow links. */
  async look(token: string): Promise<OpenApproval | Exclude<ApprovalOutcome, { kind: 'approved' }>> {
    const granted = await this.grantedBy(token);
    if ('kind' in granted) return granted;
    const { recipient } = granted;
    const script = granted.loaded.state;
    const { scripts, summaries, sites } = this.options;
    try {
      scripts.rehearse(recipient, script, this.commandOf(granted));
    } catch (error) {
      return refused(asRefusal(error, script));
    }
    const [latest, siteNames] = await Promise.all([
      summaries.latest(script.id),
      sites.namesOf(script.organizationId, script.sites.slice(0, mostSitesNamed)),
    ]);
    return { kind: 'open', script, summary: summaryOf(script, latest), recipient: recipient.sub, siteNames };
  }

  async approve(token: string): Promise<ApprovalOutcome> {
    const granted = await this.grantedBy(token);
    if ('kind' in granted) return granted;
    const { loaded, recipient } = granted;
    const script = loaded.state;
    try {
      const approved = await this.options.scripts.decide(recipient, script.id, this.commandOf(granted), loaded);
      return { kind: 'approved', script: approved, recipient: recipient.sub };
    } catch (error) {
      // Somebody may have changed it between our look and the decision: the page says why as it stands now.
      return refused(asRefusal(error, (await this.options.repository.load(script.id)) ?? script));
    }
  }

  private commandOf({ authorizationId }: Granted) {
    return { type: 'authorize', authorizationId, allowSelfAuthorization: this.options.settings.allowSelfAuthorization } as const;
  }

  private async grantedBy(token: string): Promise<Granted | ReturnType<typeof refused>> {
    const { links, repository, users } = this.options;
    const link = links.open(token);
    if (link === null) return refused({ why: 'unknown' });
    const { state: script, revision } = await repository.prepare(link.scriptId);
    if (script === null) return refused({ why: 'unknown' });
    // Asked each time: who has left, or may no longer approve, has a link in the mailbox still.
    const { approvers } = await users.known(script.organizationId, [link.recipient]);
    if (approvers.length === 0) return refused({ why: 'not_approver' });
    const recipient = { sub: link.recipient, organizationId: script.organizationId };
    return { loaded: { state: script, revision }, recipient, authorizationId: link.authorizationId };
  }
}

const asRefusal = (error: unknown, script: ScheduledScript): ApprovalRefusal => {
  const refusal = error instanceof ApiError ? refusalOf(error.api.code, script) : null;
  if (refusal === null) throw error;
  return refusal;
};
