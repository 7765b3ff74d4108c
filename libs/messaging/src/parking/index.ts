export { type ParkingOptions, parkingHandler } from './parking-handler.js';
export { type Consumption, parkingConsumer, type ParkingConsumerOptions, type TakenIn } from './parking-consumer.js';
export { type HandleMessages, type ParkedKey, type ParkedKeySummary, ParkingLot, type ReplayOutcome } from './parking-lot.js';
export { parkingMigrations } from './parking.migrations.js';
export { type ParkedConsumer, parkedCommand } from './parked.command.js';
