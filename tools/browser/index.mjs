export { findBrowser } from './find.mjs';
export { startBrowser } from './start.mjs';
export { describeWithBrowser } from './suites.mjs';
