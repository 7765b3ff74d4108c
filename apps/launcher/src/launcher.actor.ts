/** How the launcher signs what it decides. */
export const launcherActor = 'service:launcher';
