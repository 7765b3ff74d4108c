import type { ScheduledScriptState } from '@scheduled-scripts/domain';
import type { SiteUse } from '@scheduled-scripts/site-directory';

/** Nothing will ever run for it again. */
export const isOver = (script: ScheduledScriptState): boolean =>
  script?.status === 'cancelled' || (script?.status === 'launched' && script.rolloutCompleted);

/** Whether the script may still run at the site. */
export const siteUseOf = (script: ScheduledScriptState, siteId: string): SiteUse => {
  if (script === null) return 'absent';
  if (isOver(script)) return 'over';
  if (script.sites.includes(siteId)) return 'pending';
  if (script.status === 'launched') return 'over';
  return script.testSiteId === siteId ? 'pending' : 'not_named';
};
