import type { DomainEvent, ReadEvent, ScriptStatus, Timestamp } from '@scheduled-scripts/contracts';

export type ScriptEvent = Extract<DomainEvent, { type: `scheduled-script.${string}` | `script-summary.${string}` }>;
type Plan = Extract<DomainEvent, { type: 'scheduled-script.revised.v1' }>['data'];

/** What is only shown, as the row keeps it. */
export type ShownPlan = Pick<Plan, 'description' | 'script' | 'notify' | 'testSiteId' | 'makeBackup' | 'abortIfOffline'>;

/** Large, and changed by few events. */
export interface ScriptContent {
  readonly plan: ShownPlan;
  readonly sites: readonly string[];
}

export interface ScriptRow {
  readonly id: string;
  readonly organizationId: string;
  readonly revision: number;
  readonly version: number;
  readonly status: ScriptStatus;
  readonly createdBy: string;
  readonly launchAt: Timestamp;
  readonly authorizedAt: Timestamp | null;
  readonly cancelledAt: Timestamp | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly scriptSha256: string;
  /** Null: as it stands in the table. */
  readonly content: ScriptContent | null;
  /** A stream of its own. */
  readonly summaryRevision: number;
  readonly summarySha256: string | null;
  readonly summary: string | null;
}

/** The events before this one are missing: they are parked, or the topic has lost them. */
export class BeginningMissing extends Error {
  readonly code = 'beginning_missing';
  constructor(stream: string, revision: number) {
    super(`${stream} has no row to which its event ${revision} belongs`);
    this.name = 'BeginningMissing';
  }
}

const planned = ({ scriptSha256, launchAt, sites, ...plan }: Plan): Pick<ScriptRow, 'scriptSha256' | 'launchAt' | 'content'> => {
  const { description, script, notify, testSiteId, makeBackup, abortIfOffline } = plan;
  return { scriptSha256, launchAt, content: { sites, plan: { description, script, notify, testSiteId, makeBackup, abortIfOffline } } };
};

const changed = (row: ScriptRow, event: ScriptEvent): Partial<ScriptRow> => {
  const decided = { version: row.version + 1, updatedAt: event.at };
  switch (event.type) {
    case 'scheduled-script.revised.v1':
      return { ...decided, ...planned(event.data), status: 'unauthorized', authorizedAt: null };
    case 'scheduled-script.authorized.v1':
      return { ...decided, status: 'scheduled', authorizedAt: event.at };
    case 'scheduled-script.cancelled.v1':
      return { ...decided, status: 'cancelled', cancelledAt: event.at };
    case 'scheduled-script.launched.v1':
      return { ...decided, status: 'launched' };
    case 'script-summary.summarized.v1':
      return { summary: event.data.summary, summarySha256: event.data.scriptSha256 };
    // A created script is created; the others decide nothing that the resource shows.
    case 'scheduled-script.created.v1':
    case 'scheduled-script.authorization-requested.v1':
    case 'scheduled-script.test-requested.v1':
    case 'scheduled-script.rollout-aborted.v1':
    case 'scheduled-script.rollout-completed.v1':
      return {};
    default:
      return event satisfies never;
  }
};

/** The row after the event; the same row when it was there already. */
export const foldScript = (row: ScriptRow | undefined, { revision, stream, organizationId }: ReadEvent, event: ScriptEvent): ScriptRow => {
  if (event.type === 'script-summary.summarized.v1') {
    if (!row) throw new BeginningMissing(stream, revision);
    return revision <= row.summaryRevision ? row : { ...row, ...changed(row, event), summaryRevision: revision };
  }
  if (row) return revision <= row.revision ? row : { ...row, ...changed(row, event), revision };
  if (event.type !== 'scheduled-script.created.v1') throw new BeginningMissing(stream, revision);
  return {
    ...planned(event.data),
    id: event.data.scriptId,
    organizationId,
    revision,
    version: 1,
    status: 'unauthorized',
    createdBy: event.by,
    authorizedAt: null,
    cancelledAt: null,
    createdAt: event.at,
    updatedAt: event.at,
    summaryRevision: -1,
    summarySha256: null,
    summary: null,
  };
};
