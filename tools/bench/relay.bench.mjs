import { setTimeout as pause } from 'node:timers/promises';
import { toMessage, topics, topicSpecifications } from '@scheduled-scripts/contracts';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import kafkajs from 'kafkajs';
import { kafkaAvailable, startKafka } from '../kafka/index.mjs';
import { now } from './harness/clock.mjs';
import { freePort } from './harness/ports.mjs';
import { startPostgres } from './harness/postgres.mjs';
import { startOurService, startProgram } from './harness/processes.mjs';
import { alternate, compared } from './harness/rounds.mjs';
import { percentile } from './harness/statistics.mjs';
import { rolledOut, siteIds } from './stories.mjs';

const eventCount = 20_000;
/** How many events the relay takes at a time. */
const batchSize = 500;
const ratePerSecond = 1_000;
const everyMillis = 10;
const latencySeconds = 3;
const patienceMillis = 60_000;

const sites = siteIds(10);
const launchAtMillis = Date.parse('2026-03-01T02:00:00Z');

const newEvents = (count) => {
  const events = [];
  while (events.length < count) events.push(...rolledOut({ sites, launchAtMillis }));
  return events;
};

/** One append for each stream, behind what is there. */
const appendAll = async (store, events) => {
  const streams = new Map();
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  const appends = [...streams].map(([stream, ofStream]) => {
    const [{ revision }] = ofStream;
    return { stream, expected: revision === 0 ? 'no-stream' : revision - 1, events: ofStream };
  });
  const outcomes = await store.appendMany(appends);
  if (outcomes.some(({ ok }) => !ok)) throw new Error('an append was refused');
};

const kafkaOf = (broker) =>
  new kafkajs.Kafka({ clientId: 'bench', brokers: [`127.0.0.1:${broker.ports.plain}`], logLevel: kafkajs.logLevel.NOTHING });

/** How many messages are on the topics. */
const counter = async (scope, kafka) => {
  const admin = kafka.admin();
  await admin.connect();
  await scope.add(admin, () => admin.disconnect());
  return async () => {
    const offsets = await Promise.all(Object.values(topics).map((topic) => admin.fetchTopicOffsets(topic)));
    return offsets.flat().reduce((sum, { high }) => sum + Number(high), 0);
  };
};

const until = async (what, holds, everyMillisLook = 20) => {
  const deadline = now() + patienceMillis;
  while (!(await holds())) {
    if (now() > deadline) throw new Error(`not within ${patienceMillis / 1_000} s: ${what}`);
    await pause(everyMillisLook);
  }
};

/** A relay that starts behind: from when a tenth has arrived, so that its start does not count. */
const relaySide =
  ({ store, startRelay, count }) =>
  async () => {
    await appendAll(store, newEvents(eventCount));
    const before = await count();
    const relay = await startRelay();
    const reached = async (share) => {
      let found = 0;
      await until('the relay has caught up', async () => (found = await count()) >= before + share * eventCount);
      return { found, at: now() };
    };
    const first = await reached(0.1);
    const last = await reached(1);
    await relay.stop();
    return { perSecond: (last.found - first.found) / ((last.at - first.at) / 1_000) };
  };

const producerSide = (producer) => async () => {
  const answer = producer.answer();
  producer.send({ messages: newEvents(eventCount).map(toMessage), batchSize });
  const { error, ...figures } = await answer;
  if (error) throw new Error(`the bare producer: ${error}`);
  return figures;
};

/** When each message arrived, by the id of its event. */
const watchTopics = async (scope, kafka) => {
  const arrived = new Map();
  const consumer = kafka.consumer({ groupId: 'bench', maxWaitTimeInMs: 20 });
  await consumer.connect();
  await scope.add(consumer, () => consumer.disconnect());
  await consumer.subscribe({ topics: Object.values(topics), fromBeginning: false });
  const joined = new Promise((done) => consumer.on(consumer.events.GROUP_JOIN, done));
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      const at = now();
      for (const { headers } of batch.messages) arrived.set(String(headers.ce_id), at);
      return Promise.resolve();
    },
  });
  await joined;
  return arrived;
};

/** Hands over a few events at a time, at a steady rate; `put` answers when those are where they begin to be late. */
const latencySide = (arrived, put) => async () => {
  const perTick = (ratePerSecond * everyMillis) / 1_000;
  const events = newEvents(ratePerSecond * latencySeconds);
  const given = new Map();
  const began = now();
  const ticks = [];
  for (let from = 0; from < events.length; from += perTick) {
    const due = began + (from / perTick) * everyMillis;
    if (due > now()) await pause(due - now());
    const some = events.slice(from, from + perTick);
    ticks.push(put(some).then((at) => some.forEach(({ id }) => given.set(id, at))));
  }
  await Promise.all(ticks);
  await until('all have arrived', () => [...given.keys()].every((id) => arrived.has(id)));
  const late = [...given].map(([id, at]) => arrived.get(id) - at);
  return { p50: percentile(late, 0.5), p99: percentile(late, 0.99) };
};

/** From the answer of the append: then the events are stored, and on no topic yet. */
const appended = (store) => async (events) => {
  await appendAll(store, events);
  return now();
};

const produced = (producer) => async (events) => {
  const at = now();
  await producer.sendBatch({
    acks: -1,
    topicMessages: events.map(toMessage).map(({ topic, ...message }) => ({ topic, messages: [message] })),
  });
  return at;
};

export const relay = {
  name: 'relay',
  summary: 'events of the store onto Kafka, beside a bare kafkajs producer that has them in memory',
  unavailable: () => {
    const state = kafkaAvailable();
    return state.available ? null : state.reason;
  },
  async run({ scope, rounds, say }) {
    const postgres = await startPostgres(scope);
    say('starting a Kafka broker');
    const broker = await startKafka();
    await scope.add(broker, () => broker.close());
    const kafka = kafkaOf(broker);
    const messaging = await openMessaging({ url: broker.url, clientId: 'bench' });
    await scope.add(messaging, () => messaging.close());
    await messaging.ensureTopics(topicSpecifications);
    const store = await openEventStore({ url: postgres.url, applicationName: 'bench' });
    await scope.add(store, () => store.close());
    const env = { DATABASE_URL: postgres.url, EVENT_STORE_URL: postgres.url, MESSAGING_URL: broker.url, LOG_LEVEL: 'error' };
    const startRelay = async () => startOurService(scope, 'event-relay', { port: await freePort(), env });

    const bare = await startProgram(scope, 'tools/bench/peers/bare-producer.mjs', { env: { BROKER: `127.0.0.1:${broker.ports.plain}` } });
    await bare.answer();
    const count = await counter(scope, kafka);
    const rate = await alternate(
      { ours: relaySide({ store, startRelay, count }), bare: producerSide(bare) },
      { rounds, onProgress: (step) => say(`throughput: ${step}`) },
    );

    await startRelay();
    const arrived = await watchTopics(scope, kafka);
    const producer = kafka.producer({ idempotent: true, allowAutoTopicCreation: false });
    await producer.connect();
    await scope.add(producer, () => producer.disconnect());
    const latency = await alternate(
      { ours: latencySide(arrived, appended(store)), bare: latencySide(arrived, produced(producer)) },
      { rounds, onProgress: (step) => say(`latency: ${step}`) },
    );
    const line = { unit: 'ms', against: 'bare producer', better: 'less' };
    return {
      rows: [
        compared({
          what: `batches of ${batchSize}`,
          unit: 'events/s',
          ours: rate.ours.perSecond,
          against: 'bare producer',
          other: rate.bare.perSecond,
          atLeast: 0.7,
          expected: '≥ 70 %',
        }),
        compared({ ...line, what: `at ${ratePerSecond} events/s, p50`, ours: latency.ours.p50, other: latency.bare.p50 }),
        compared({ ...line, what: `at ${ratePerSecond} events/s, p99`, ours: latency.ours.p99, other: latency.bare.p99 }),
      ],
      notes: [
        'A real broker, one node. The relay reads the store, publishes one batch at a time, and commits its checkpoint after each; the producer has all in memory.',
        'Latency: from the answer of the append, or from the call of the bare producer, until a consumer has it.',
      ],
    };
  },
};
