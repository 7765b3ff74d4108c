export { type EventRelayEnvironment, eventRelayEnvironment } from './environment.js';
export { eventRelay } from './event-relay.service.js';
