import { progressOf, type Progress, type ScheduledScript, type ScriptStatus, type Timestamp } from '@scheduled-scripts/domain';
import { z } from 'zod';
import type { Answered } from './answered.js';
import { progressResource } from './progress.resource.js';
import { exampleIds, siteId, siteIds, timestamp, timestampOrNull, uuid } from './resource-fields.js';
import { tMinus, tMinusForm } from './t-minus.js';

const exampleScript = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';
const exampleSummary = 'This script adds a firewall filter rule to drop input from a specific address list named "blacklist".';

export const scriptStatuses = ['unauthorized', 'scheduled', 'launched', 'cancelled'] as const satisfies readonly ScriptStatus[];

/** All that the resource's JSON is made of but the clock; folded state gives it, and so does a row. */
export interface ScheduledScriptView {
  readonly id: string;
  readonly version: number;
  readonly createdBy: string;
  readonly testSiteId: string | null;
  readonly makeBackup: boolean;
  readonly abortIfOffline: boolean;
  readonly description: string;
  readonly summary: string | null;
  readonly script: string;
  readonly status: ScriptStatus;
  readonly authorizedAt: Timestamp | null;
  readonly cancelledAt: Timestamp | null;
  readonly launchAt: Timestamp;
  readonly startedAt: Timestamp | null;
  readonly sites: readonly string[];
  readonly notify: readonly string[];
  readonly progress: Progress;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** The resource: fields in the promised order. */
export const scheduledScriptResource = z
  .object({
    id: uuid('A UUID of version 7: ids grow with time.', exampleIds.script),
    created_by: z.string().meta({ description: "The author: the `sub` of the creator's token.", examples: [exampleIds.author] }),
    test_site_id: siteId('The site for test runs; null: the script cannot be tested.', exampleIds.testSite).nullable(),
    make_backup: z.boolean().meta({
      description:
        'true: the configuration of each site is backed up before the script runs there. Where the backup fails the script does not run, ' +
        'and the site fails.',
      examples: [true],
    }),
    abort_if_offline: z.boolean().meta({
      description:
        'true: a site that is offline at the launch fails at once. false: it stays pending and is tried again until the execution ' +
        'window closes, 2 hours after the launch unless configured otherwise.',
      examples: [false],
    }),
    description: z.string().meta({ description: 'A name for people, 1 to 200 characters.', examples: ['Weekly firewall rule update'] }),
    summary: z
      .string()
      .nullable()
      .meta({
        description:
          'What the script does, as a machine understood it. null until it has been written, a moment after creation and after each ' +
          'change of `script`; it is never a condition of anything.',
        examples: [exampleSummary],
      }),
    script: z.string().meta({ description: 'RouterOS source, byte for byte as it was given.', examples: [exampleScript] }),
    status: z.enum(scriptStatuses).meta({
      description:
        '`unauthorized`: nobody has approved this version. `scheduled`: approved, will be launched. `launched`: it was; `progress` says ' +
        'how far it is. `cancelled`: it never will be.',
      examples: ['scheduled'],
    }),
    authorized_at: timestampOrNull(
      'When this version was approved. null while unauthorized; a change of the script clears it, a cancellation does not.',
      '2025-10-30T10:00:00.000000Z',
    ),
    cancelled_at: timestampOrNull('When it was cancelled, or null.', null),
    launch_at: timestamp('When it is to be launched. Never earlier.', '2025-11-01T02:00:00.000000Z'),
    t_minus: z
      .string()
      .regex(tMinusForm)
      .meta({
        description:
          'How far `launch_at` is from the moment of the answer, in English: the largest whole unit, rounded down. `in 2 days`, ' +
          '`3 minutes ago`, `now`. It is for people: compute with `launch_at`.',
        examples: ['in 2 days'],
      }),
    started_at: timestampOrNull('When the script was issued at the first site, or null.', null),
    sites: siteIds('The sites at which the script runs.', exampleIds.site).min(1),
    notify: z.array(z.string()).meta({
      description: 'Users, by `sub`: approvers among them are asked for approval, all are told how it went.',
      examples: [[exampleIds.notified]],
    }),
    progress: progressResource,
    created_at: timestamp('When it was created.', '2025-10-29T12:44:27.000000Z'),
    updated_at: timestamp(
      'When what was decided about it last changed. Progress and the summary do not move it.',
      '2025-10-30T10:00:00.000000Z',
    ),
  })
  .meta({ title: 'Scheduled script', description: 'One script for many routers, at an agreed hour. Fields may be added in time.' });

export type ScheduledScriptJson = Answered<typeof scheduledScriptResource>;

/** The resource as clients get it, fields in the promised order. `now`: milliseconds since the epoch. */
export const scheduledScriptJson = (view: ScheduledScriptView, now: number): ScheduledScriptJson => ({
  id: view.id,
  created_by: view.createdBy,
  test_site_id: view.testSiteId,
  make_backup: view.makeBackup,
  abort_if_offline: view.abortIfOffline,
  description: view.description,
  summary: view.summary,
  script: view.script,
  status: view.status,
  authorized_at: view.authorizedAt,
  cancelled_at: view.cancelledAt,
  launch_at: view.launchAt,
  t_minus: tMinus(view.launchAt, now),
  started_at: view.startedAt,
  sites: view.sites,
  notify: view.notify,
  progress: { completed: view.progress.completed, failed: view.progress.failed, pending: view.progress.pending },
  created_at: view.createdAt,
  updated_at: view.updatedAt,
});

/** What the folded events of a script alone can say: all there is to know up to its launch. */
export const viewOfScript = (script: ScheduledScript, summary: string | null = null): ScheduledScriptView => ({
  id: script.id,
  version: script.version,
  createdBy: script.createdBy,
  testSiteId: script.testSiteId,
  makeBackup: script.makeBackup,
  abortIfOffline: script.abortIfOffline,
  description: script.description,
  summary,
  script: script.script,
  status: script.status,
  authorizedAt: script.authorizedAt,
  cancelledAt: script.cancelledAt,
  launchAt: script.launchAt,
  startedAt: null,
  sites: script.sites,
  notify: script.notify,
  progress: progressOf(script, []),
  createdAt: script.createdAt,
  updatedAt: script.updatedAt,
});
