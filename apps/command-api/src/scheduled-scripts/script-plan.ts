import { hash } from 'node:crypto';
import { problem, type CreateScriptRequest, type ReviseScriptRequest } from '@scheduled-scripts/contracts';
import type { ScriptPlan } from '@scheduled-scripts/domain';
import { ApiError } from '@scheduled-scripts/platform';
import type { Unsigned } from './scripts.js';

const refuseTooMany = (sites: readonly string[], maximumSites: number): void => {
  if (sites.length <= maximumSites) return;
  const message = `must have at most ${maximumSites} entries`;
  const errors = [{ param: 'sites', code: 'parameter_invalid', message }];
  throw new ApiError(problem('parameter_invalid', { message: `sites: ${message}`, param: 'sites', errors }));
};

/** What the body leaves out is `undefined`. */
const planOf = <Body extends ReviseScriptRequest>(body: Body, maximumSites: number) => {
  refuseTooMany(body.sites, maximumSites);
  return {
    description: body.description,
    script: body.script,
    scriptSha256: hash('sha256', body.script),
    sites: body.sites,
    notify: body.notify,
    makeBackup: body.make_backup,
    launchAt: body.launch_at as Body['launch_at'],
    testSiteId: body.test_site_id as Body['test_site_id'],
    abortIfOffline: body.abort_if_offline as Body['abort_if_offline'],
  };
};

export const newPlan = (body: CreateScriptRequest, maximumSites: number): ScriptPlan => planOf(body, maximumSites);

type Revision = Extract<Unsigned, { type: 'revise' }>['plan'];

/** What the body leaves out stays as it is. */
export const revisedPlan = (body: ReviseScriptRequest, maximumSites: number): Revision => planOf(body, maximumSites);
