export { openPostgresMessaging, type PostgresMessagingOptions } from './postgres.messaging.js';
