// npm run start:cluster: a real broker, Postgres, and every service as a process of its own.
import { build, install, requireNode } from './prepare.mjs';
import { answerHelp } from './usage.mjs';

answerHelp(new URL('../apps/dev-stack/usage/start-cluster.txt', import.meta.url));
try {
  requireNode();
  await install();
  await build();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
const { kafkaAvailable, startKafka } = await import('./kafka/index.mjs');
const { clusterMain } = await import('../apps/dev-stack/dist/index.js');

const startBroker = async (directory) => {
  const state = kafkaAvailable();
  if (!state.available) throw new Error(`a Kafka broker cannot be started: ${state.reason}`);
  const broker = await startKafka({ directory });
  return { url: `kafka://127.0.0.1:${broker.ports.plain}`, stop: () => broker.stop() };
};
await clusterMain({ startBroker, eventStoreUrl: process.env.EVENTSTORE_URL });
