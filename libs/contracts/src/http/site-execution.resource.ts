import {
  failureReasons,
  millisOf,
  type BackupTaken,
  type ExecutionState,
  type FailureReason,
  type Timestamp,
} from '@scheduled-scripts/domain';
import { z } from 'zod';
import { failureMeanings } from '../messages/schemas/fields.js';
import type { Answered } from './answered.js';
import { exampleIds, siteId, timestamp, timestampOrNull, uuid } from './resource-fields.js';

const executionStates = ['pending', 'running', 'completed', 'failed'] as const satisfies readonly ExecutionState[];
const exampleSha256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const reasonsInWords = Object.entries({ ...failureMeanings, offline: 'no connection at launch, and abort_if_offline was set' })
  .map(([reason, meaning]) => `\`${reason}\`: ${meaning}`)
  .join('; ');

/** All that an execution's JSON is made of. `startedAt`: when its script was issued. */
export interface SiteExecutionView {
  readonly id: string;
  readonly siteId: string;
  readonly kind: 'rollout' | 'test';
  readonly state: ExecutionState;
  readonly reason: FailureReason | null;
  readonly message: string | null;
  readonly startedAt: Timestamp | null;
  readonly finishedAt: Timestamp | null;
  readonly backup: BackupTaken | null;
}

const backup = z
  .object({
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'SHA-256 of the text, lower-case hexadecimal; the ETag of `GET …/backup`.', examples: [exampleSha256] }),
    bytes: z
      .int()
      .min(0)
      .meta({ description: 'Its length in bytes.', examples: [18_432] }),
    taken_at: timestamp('When it was taken.', '2025-11-01T02:00:02.000000Z'),
  })
  .nullable()
  .meta({ description: 'The configuration as it was before the run; null where none was asked for or taken.' });

export const siteExecutionResource = z
  .object({
    id: uuid('The run.', exampleIds.execution),
    site_id: siteId('Where it runs.'),
    kind: z
      .enum(['rollout', 'test'])
      .meta({ description: '`rollout`: because of the launch. `test`: on `test_site_id`.', examples: ['rollout'] }),
    state: z.enum(executionStates).meta({
      description: '`pending`: not issued yet. `running`: issued. `completed`: it ran to its end. `failed`: see `reason`.',
      examples: ['completed'],
    }),
    reason: z
      .enum(failureReasons)
      .nullable()
      .meta({ description: `Why it failed, of a closed list; null otherwise. ${reasonsInWords}.`, examples: [null] }),
    message: z
      .string()
      .nullable()
      .meta({ description: "The router's own words, cleaned and cut at 500 characters, or null.", examples: [null] }),
    started_at: timestampOrNull('When the script was issued at the site, or null.', '2025-11-01T02:00:05.000000Z'),
    finished_at: timestampOrNull('When its outcome was known, or null.', '2025-11-01T02:00:07.250000Z'),
    duration_ms: z
      .int()
      .min(0)
      .nullable()
      .meta({ description: 'Milliseconds between the two, or null.', examples: [2_250] }),
    backup,
  })
  .meta({ title: 'Site execution', description: 'One run of a script at one site.' });

export type SiteExecutionJson = Answered<typeof siteExecutionResource>;

export const siteExecutionJson = (view: SiteExecutionView): SiteExecutionJson => ({
  id: view.id,
  site_id: view.siteId,
  kind: view.kind,
  state: view.state,
  reason: view.reason,
  message: view.message,
  started_at: view.startedAt,
  finished_at: view.finishedAt,
  // Two processes may have written the two, each by its own clock.
  duration_ms: view.startedAt && view.finishedAt ? Math.max(0, millisOf(view.finishedAt) - millisOf(view.startedAt)) : null,
  backup: view.backup && { sha256: view.backup.sha256, bytes: view.backup.bytes, taken_at: view.backup.takenAt },
});
