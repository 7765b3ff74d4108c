import { randomUUID } from 'node:crypto';
import { toMessage, type DataOf, type DomainEventType, type EventMessage } from '@scheduled-scripts/contracts';

export const sites = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `site_${String(index + 1).padStart(16, '0')}`);

interface Plan {
  readonly description?: string;
  readonly script?: string;
  readonly launchAt?: string;
  readonly sites?: readonly string[];
  readonly notify?: readonly string[];
}

const iso = (millis: number): string => new Date(millis).toISOString().replace('Z', '000Z');

/** What the topic says of one script, message by message. */
export class ToldScript {
  readonly id = randomUUID();
  readonly authorizationId = randomUUID();
  readonly messages: EventMessage[] = [];

  constructor(
    private readonly plan: Plan = {},
    /** When it all happens: now unless told. */
    private readonly at = iso(Date.now()),
  ) {
    this.tell('scheduled-script.created.v1', { scriptId: this.id, organizationId: 'org_1', ...this.planWith() });
  }

  revise(changes: Plan): this {
    return this.tell('scheduled-script.revised.v1', this.planWith(changes));
  }

  askApproval(
    recipients: Partial<Pick<DataOf<'scheduled-script.authorization-requested.v1'>, 'approvers' | 'informed' | 'unknown'>>,
  ): this {
    const nobody = { approvers: [], informed: [], unknown: [] };
    return this.tell('scheduled-script.authorization-requested.v1', {
      authorizationId: this.authorizationId,
      version: 1,
      ...nobody,
      ...recipients,
    });
  }

  launch(trigger: 'schedule' | 'hand' = 'schedule'): this {
    return this.tell('scheduled-script.launched.v1', { trigger, windowEndsAt: '2026-03-02T03:00:00.000000Z' });
  }

  cancel(reason: 'requested' | 'launch_missed'): this {
    return this.tell('scheduled-script.cancelled.v1', { reason });
  }

  end(completed: number, failedSites: DataOf<'scheduled-script.rollout-completed.v1'>['failedSites']): this {
    return this.tell('scheduled-script.rollout-completed.v1', { completed, failed: failedSites.length, failedSites });
  }

  private planWith(changes: Plan = {}) {
    const plan = { description: 'Move the guests', script: '/ip address print', sites: sites(3), notify: ['boss', 'clerk'] };
    const rest = { scriptSha256: 'a'.repeat(64), testSiteId: null, makeBackup: false, abortIfOffline: false };
    return { ...plan, launchAt: '2026-03-02T01:00:00.000000Z', ...rest, ...this.plan, ...changes };
  }

  private tell(type: DomainEventType, data: Readonly<Record<string, unknown>>): this {
    const metadata = { organizationId: 'org_1', actor: 'auth0|author', at: this.at, correlationId: this.id, causationId: this.id };
    const revision = this.messages.length;
    this.messages.push(toMessage({ id: randomUUID(), stream: `scheduledScript-${this.id}`, revision, type, data, metadata }));
    return this;
  }
}
