export { eventually } from './eventually.js';
export { Gate } from './gate.js';
export { idsOf, MessageLog, numbered } from './message-log.js';
export { describeMessaging, type MessagingClient, type MessagingHarness } from './messaging.contract.js';
export { openTcpLink, type TcpLink } from './tcp-link.js';
export { SteadySource } from './steady-source.js';
