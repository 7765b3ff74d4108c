export { causeOf, parseCause, type Cause } from '@scheduled-scripts/contracts';

/** How the launcher signs what it decides. */
export const launcherActor = 'service:launcher';
