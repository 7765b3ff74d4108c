export { startKafka } from './broker.mjs';
export { kafkaAvailable } from './jars.mjs';
export { describeWithKafka } from './suites.mjs';
