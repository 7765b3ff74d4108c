// A Postgres and a Kafka broker for all suites of a project. Where no broker can be started, the suites that need one say so themselves.
import { kafkaAvailable, startKafka } from '../kafka/index.mjs';
import startPostgres from './postgres.setup.mjs';

export default async () => {
  if (!globalThis.testPostgres) {
    await startPostgres();
    globalThis.testPostgresOfKafka = globalThis.testPostgres;
  }
  if (!kafkaAvailable().available) return;
  globalThis.testKafka = await startKafka();
  process.env.TEST_KAFKA_BROKERS = `127.0.0.1:${globalThis.testKafka.ports.plain}`;
};
