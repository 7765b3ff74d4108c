export * from './cause.js';
export * from './domain-event.js';
export type { Envelope } from './envelope.js';
export * from './event-message.js';
export * from './malformed-message.js';
export { publishedStreamPrefixes } from './route.js';
export * from './topics.js';
