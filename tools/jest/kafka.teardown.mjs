import stopPostgres from './postgres.teardown.mjs';

export default async () => {
  await globalThis.testKafka?.close();
  if (!globalThis.testPostgresOfKafka) return;
  // Another project's setup may have started one after ours: each ends its own.
  const other = globalThis.testPostgres;
  globalThis.testPostgres = globalThis.testPostgresOfKafka;
  await stopPostgres();
  globalThis.testPostgres = other;
};
