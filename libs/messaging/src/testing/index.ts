export { eventually } from './eventually.js';
export { Gate } from './gate.js';
export { idsOf, MessageLog, numbered } from './message-log.js';
export { describeMessaging } from './messaging.contract.js';
export type { MessagingClient, MessagingHarness } from './scene.js';
export { openTcpLink, type TcpLink } from './tcp-link.js';
export { SteadySource } from './steady-source.js';
