// A process that sends messages by kafkajs and does nothing else: one batch at a time, as durable as the relay's.
import kafkajs from 'kafkajs';

const { BROKER } = process.env;
const producer = new kafkajs.Kafka({ clientId: 'bare', brokers: [BROKER], logLevel: kafkajs.logLevel.NOTHING }).producer({
  idempotent: true,
  allowAutoTopicCreation: false,
});
await producer.connect();

const sendBatch = (messages) => {
  const topicMessages = [...new Set(messages.map(({ topic }) => topic))].map((topic) => ({
    topic,
    messages: messages.filter((message) => message.topic === topic).map(({ key, value, headers }) => ({ key, value, headers })),
  }));
  return producer.sendBatch({ acks: -1, topicMessages });
};

const run = async ({ messages, batchSize }) => {
  const began = performance.now();
  for (let from = 0; from < messages.length; from += batchSize) await sendBatch(messages.slice(from, from + batchSize));
  return { perSecond: messages.length / ((performance.now() - began) / 1_000) };
};

process.channel?.ref();
process.on('message', (job) => {
  run(job).then(
    (figures) => process.send(figures),
    (error) => process.send({ error: error.message }),
  );
});
process.on('SIGTERM', () => void producer.disconnect().finally(() => process.exit()));
process.send({ started: true });
