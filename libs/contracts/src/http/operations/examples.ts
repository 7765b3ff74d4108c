import type { ScheduledScriptJson } from '../scheduled-script.resource.js';
import { asTimestamp } from '@scheduled-scripts/domain';
import type { SiteCheckJson } from '../site-check.resource.js';
import type { SiteExecutionJson } from '../site-execution.resource.js';
import type { SiteJson } from '../site.resource.js';
import { exampleIds } from '../resource-fields.js';

const at = asTimestamp;

/** A script that waits for its launch; in all that does not contradict itself the sample that the API has always shown. */
export const scheduledScript: ScheduledScriptJson = {
  id: exampleIds.script,
  created_by: exampleIds.author,
  test_site_id: exampleIds.testSite,
  make_backup: true,
  abort_if_offline: false,
  description: 'Weekly firewall rule update',
  summary: 'This script adds a firewall filter rule to drop input from a specific address list named "blacklist".',
  script: '/ip firewall filter add action=drop chain=input src-address-list=blacklist',
  status: 'scheduled',
  authorized_at: at('2025-10-30T10:00:00.000000Z'),
  cancelled_at: null,
  launch_at: at('2025-11-01T02:00:00.000000Z'),
  t_minus: 'in 1 day',
  started_at: null,
  sites: [exampleIds.site],
  notify: [exampleIds.notified],
  progress: { completed: [], failed: [], pending: [] },
  created_at: at('2025-10-29T12:44:27.000000Z'),
  updated_at: at('2025-10-30T10:00:00.000000Z'),
};

export const unauthorizedScript: ScheduledScriptJson = {
  ...scheduledScript,
  summary: null,
  status: 'unauthorized',
  authorized_at: null,
  t_minus: 'in 2 days',
  updated_at: scheduledScript.created_at,
};

export const launchedScript: ScheduledScriptJson = {
  ...scheduledScript,
  status: 'launched',
  t_minus: '10 seconds ago',
  started_at: at('2025-11-01T02:00:05.000000Z'),
  progress: { completed: [exampleIds.site], failed: [], pending: [] },
  updated_at: at('2025-11-01T02:00:00.001000Z'),
};

/** Body of POST and PUT. */
export const scriptDraft = {
  description: scheduledScript.description,
  script: scheduledScript.script,
  launch_at: '2090-11-01T02:00:00Z',
  sites: scheduledScript.sites,
  make_backup: true,
  abort_if_offline: false,
  notify: scheduledScript.notify,
  test_site_id: scheduledScript.test_site_id,
};

const { launch_at: _launchAt, abort_if_offline: _flag, test_site_id: _testSite, ...unchangedRest } = scriptDraft;
/** What is optional in a PUT is left as it is. */
export const shortDraft = unchangedRest;

export const completedExecution: SiteExecutionJson = {
  id: exampleIds.execution,
  site_id: exampleIds.site,
  kind: 'rollout',
  state: 'completed',
  reason: null,
  message: null,
  started_at: at('2025-11-01T02:00:05.000000Z'),
  finished_at: at('2025-11-01T02:00:07.250000Z'),
  duration_ms: 2_250,
  backup: {
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    bytes: 18_432,
    taken_at: at('2025-11-01T02:00:02.000000Z'),
  },
};

export const failedExecution: SiteExecutionJson = {
  ...completedExecution,
  id: 'a3a9dd6f-58f0-5f3a-8f28-3d0f3f0a7a52',
  site_id: 'site_2BcDeFgHiJkLmNoPqRsTuVw',
  state: 'failed',
  reason: 'script_error',
  message: 'failure: already have such entry',
};

export const site: SiteJson = {
  id: exampleIds.site,
  name: 'Harbour office',
  host: '192.0.2.17',
  port: 8_729,
  tls: 'verify',
  tls_fingerprint: null,
  username: 'automation',
  serial: 'HG109ABCDE',
  created_at: at('2025-10-01T08:00:00.000000Z'),
  updated_at: at('2025-10-01T08:00:00.000000Z'),
};

export const siteDraft = {
  id: site.id,
  name: site.name,
  host: site.host,
  username: site.username,
  password: 'correct horse battery staple',
  serial: site.serial,
};

export const siteCheck: SiteCheckJson = {
  site_id: site.id,
  checked_at: '2025-10-30T09:58:00.000000Z',
  reachable: true,
  tls: { mode: 'verify', fingerprint: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', trusted: true },
  logged_in: true,
  identity: { name: 'harbour', board: 'RB5009UG+S+', serial: 'HG109ABCDE', serial_matches: true },
  version: { text: '7.18.2 (stable)', supported: true },
  rights: {
    group: 'automation',
    policies: ['api', 'ftp', 'policy', 'read', 'sensitive', 'test', 'write'],
    missing: [],
    missing_for_backup: [],
  },
  clock: { time: '2025-10-30T09:58:01.000000Z', offset_seconds: 1, near: true },
  duration_ms: 412,
  problems: [],
};
