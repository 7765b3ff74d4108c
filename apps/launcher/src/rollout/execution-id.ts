import { v5 } from 'uuid';

/** Chosen once, for ever: another one would make every execution a second one. */
const namespace = '6f3f0a5e-6a53-4a0f-9d0c-0c1b6f2f6a11';

/** Derived, so that asking twice is asking once. */
export const rolloutExecutionId = (scriptId: string, siteId: string): string => v5(`${scriptId}/rollout/${siteId}`, namespace);
export const testExecutionId = (scriptId: string, number: number, siteId: string): string =>
  v5(`${scriptId}/test/${number}/${siteId}`, namespace);
