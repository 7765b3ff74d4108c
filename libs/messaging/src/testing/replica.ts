// A consumer as a process of its own, for suites that kill and pause it. Its words on standard output: `joined`, and `begin` and `end`
// around each batch.
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '@scheduled-scripts/postgres';
import { openKafkaMessaging } from '../kafka/index.js';
import { eventually } from './eventually.js';

export interface ReplicaOptions {
  readonly name: string;
  readonly kafkaUrl: string;
  readonly databaseUrl: string;
  readonly group: string;
  readonly topic: string;
  readonly leaseMillis: number;
}

const say = (word: string): boolean => process.stdout.write(`${word}\n`);

const { name, kafkaUrl, databaseUrl, group, topic, leaseMillis } = JSON.parse(process.argv[2] ?? '{}') as ReplicaOptions;
const database = await openDatabase({ url: databaseUrl, schema: 'effects', applicationName: name });
const messaging = await openKafkaMessaging({ url: kafkaUrl, clientId: name, leaseMillis });

const subscription = await messaging.consumer().subscribe({ group, topics: [topic], batchSize: 20 }, async ({ messages }, context) => {
  const [keys, revisions] = [messages.map(({ key }) => key), messages.map(({ value }) => Number(value))];
  await database.query('INSERT INTO deliveries (replica, key, revision) SELECT $1, * FROM unnest($2::text[], $3::integer[])', [
    name,
    keys,
    revisions,
  ]);
  say('begin');
  for (let step = 0; step < 5; step++) {
    await context.heartbeat();
    await pause(10);
  }
  await database.transaction(async (tx) => {
    // One that is held up in here must not hold up its heir.
    await tx.query("SET LOCAL idle_in_transaction_session_timeout = '1s'");
    for (const { key, value } of messages) {
      const found = await tx.query<{ revision: number }>('SELECT revision FROM streams WHERE key = $1 FOR UPDATE', [key]);
      const revision = found[0]?.revision ?? -1;
      if (Number(value) <= revision) continue;
      if (Number(value) !== revision + 1)
        await database.query('INSERT INTO gaps (replica, key, revision) VALUES ($1, $2, $3)', [name, key, value]);
      await tx.query('UPDATE streams SET revision = $2, effects = effects + 1 WHERE key = $1', [key, value]);
    }
    context.signal.throwIfAborted();
  });
  say('end');
});

process.once('SIGTERM', () => {
  void (async () => {
    await messaging.close();
    await database.close();
    say('stopped');
  })();
});

await eventually('it has joined', () => subscription.isJoined());
say('joined');
