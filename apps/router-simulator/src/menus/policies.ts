/** In the order in which RouterOS prints them. */
export const allPolicies = [
  'local',
  'telnet',
  'ssh',
  'ftp',
  'reboot',
  'read',
  'write',
  'policy',
  'test',
  'winbox',
  'password',
  'web',
  'sniff',
  'sensitive',
  'api',
  'romon',
  'rest-api',
] as const;

/** What a script or a schedule may be given. */
export const scriptPolicies = ['ftp', 'reboot', 'read', 'write', 'policy', 'test', 'password', 'sniff', 'sensitive', 'romon'] as const;

export const policySet = (text: string | undefined): ReadonlySet<string> => new Set((text ?? '').split(',').filter((name) => name !== ''));

export const policyText = (policies: Iterable<string>): string => {
  const chosen = new Set(policies);
  return scriptPolicies.filter((name) => chosen.has(name)).join(',');
};
