export * from './router-session.js';
export { clockAt, clockMillis, gmtOffsetMillis, type RouterClock } from './facts/router-clock.js';
export { parseVersion, type RouterVersion } from './facts/router-version.js';
export { connectRouter, createConnectRouter, type DriverSettings } from './node-routeros/connect-router.js';
export type { DriverLimits } from './node-routeros/driver-limits.js';
export { DriverNotContained } from './node-routeros/containment.js';
export { verifyDriver } from './node-routeros/verify-driver.js';
