import type { SiteCheckJson } from '@scheduled-scripts/contracts';
import { cleanMessage } from '@scheduled-scripts/domain';

/** What the procedure of an execution asks of the router: to log in, look, add and start entries, and let them do what they do. */
const neededByRuns = ['api', 'read', 'write', 'policy', 'test'] as const;

/** Files, and a configuration with all that is in it. */
const neededByBackups = ['ftp', 'sensitive'] as const;

/** More than any RouterOS has. */
const mostPolicies = 64;

/** `policies`: as `/user/group/print` writes them, e.g. `read,test,api,!ftp`. */
export const rightsOf = (group: string, policies: string): NonNullable<SiteCheckJson['rights']> => {
  const granted = policies.split(',').filter((name) => /^[a-z][a-z-]{0,40}$/.test(name));
  const missing = (needed: readonly string[]): string[] => needed.filter((name) => !granted.includes(name));
  return {
    group: cleanMessage(group) ?? 'none',
    policies: granted.slice(0, mostPolicies),
    missing: missing(neededByRuns),
    missing_for_backup: missing(neededByBackups),
  };
};
