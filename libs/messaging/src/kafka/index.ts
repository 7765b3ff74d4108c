export { type KafkaMessagingOptions, openKafkaMessaging } from './kafka.messaging.js';
