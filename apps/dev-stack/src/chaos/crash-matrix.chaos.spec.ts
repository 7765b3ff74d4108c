import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import type { ScheduledScript } from '@scheduled-scripts/client';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import type { EmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';
import { parseReplicas, serviceNames } from '../cluster/cluster-options.js';
import { printProcesses, startCluster, type Broker, type Cluster } from '../cluster/run-cluster.js';
import type { ServiceProcess } from '../cluster/service-process.js';
import { clientsOf } from '../job/clients.js';
import { reset } from '../reset.js';
import type { Connection } from '../stack/connection.js';
import { createTerminal } from '../terminal.js';
import { judge } from './judge.js';
import { killPostgres, replacePostgres } from './postgres.js';
import { startLoad } from './load.js';

interface KafkaTool {
  readonly startKafka: (options: { directory: string }) => Promise<KafkaBroker>;
  readonly describeWithKafka: (name: string, suite: () => void) => void;
}

interface KafkaBroker {
  readonly ports: { readonly plain: number };
  restart(): Promise<void>;
  close(): Promise<void>;
}

const tool = (await import(new URL('../../../../tools/kafka/index.mjs', import.meta.url).href)) as KafkaTool;

/** `npm run test:chaos` goes through the whole matrix, `npm test` through one mishap a service. */
const isLong = process.env['CHAOS_ROUNDS'] !== undefined;
/** Longer than every lease and session. */
const pastTheLeaseMillis = 12_000;
const patienceMillis = isLong ? 1_200_000 : 300_000;

type Mishap = (process: ServiceProcess) => Promise<void>;

const mishaps: Readonly<Record<string, Mishap>> = {
  killed: async (process) => {
    await process.kill();
    process.start();
    await process.untilReady();
  },
  paused: async (process) => {
    process.pause();
    await rest(pastTheLeaseMillis);
    process.resume();
    await process.untilReady();
  },
  restarted: async (process) => {
    await process.stop();
    process.start();
    await process.untilReady();
  },
};

/** Those who hold leases, sessions and work, in the short form one mishap each. */
const short: readonly (readonly [string, string])[] = [
  ['event-relay', 'killed'],
  ['projector', 'restarted'],
  ['launcher', 'killed'],
  ['device-executor', 'killed'],
  ['event-relay', 'paused'],
  ['summarizer', 'killed'],
];
const long = serviceNames.flatMap((name) => Object.keys(mishaps).map((mishap) => [name, mishap] as const));

let broker: KafkaBroker;

const brokerIn = async (directory: string): Promise<Broker> => {
  broker = await tool.startKafka({ directory });
  return { url: `kafka://127.0.0.1:${broker.ports.plain}`, stop: () => broker.close() };
};

/** What is still under way when nothing moves any more. */
const settled = async (connection: Connection): Promise<readonly ScheduledScript[]> => {
  const { viewer } = clientsOf(connection);
  let before = Infinity;
  let since = Date.now();
  for (;;) {
    const { data: list } = await viewer.listScheduledScripts();
    const open = list.filter(({ status, summary, progress }) => status === 'scheduled' || progress.pending.length > 0 || summary === null);
    if (open.length === 0 || Date.now() - since > 60_000) return open;
    if (open.length < before) since = Date.now();
    before = Math.min(before, open.length);
    await rest(500);
  }
};

tool.describeWithKafka('the crash matrix', () => {
  let data: string;
  let cluster: Cluster;
  let replacement: EmbeddedPostgres | undefined;

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'matrix-'));
    const options = { once: true, data, port: 0, replicas: parseReplicas(''), eventStore: 'postgres' } as const;
    cluster = await startCluster(options, { startBroker: brokerIn, eventStoreUrl: undefined }, createTerminal());
  }, 180_000);

  afterAll(async () => {
    await cluster.stop();
    await replacement?.stop();
    await reset(data);
    rmSync(data, { recursive: true, force: true });
  }, 60_000);

  it(
    'loses, doubles and reorders nothing',
    async () => {
      const { connection, services } = cluster;
      const load = startLoad(connection);
      const done: string[] = [];
      for (const [name, mishap] of isLong ? long : short) {
        const victim = services.all.find(({ service }) => service === name);
        if (!victim) throw new Error(`there is no ${name}`);
        await mishaps[mishap]?.(victim);
        done.push(`${name} ${mishap}`);
        await rest(1_000);
      }
      await broker.restart();
      done.push('broker restarted');
      killPostgres(process.pid);
      await rest(2_000);
      replacement = await replacePostgres(data, connection);
      done.push('Postgres killed and restarted');
      await rest(2_000);
      await load.stop();

      expect(await settled(connection)).toEqual([]);
      await printProcesses(cluster, createTerminal());

      const store = await openEventStore({ url: connection.postgresUrl, applicationName: 'judge' });
      const messaging = await openMessaging({ url: cluster.broker.url, clientId: 'judge' });
      try {
        const { verdict, figures } = await judge({ connection, data, acknowledged: load.acknowledged }, store, messaging);
        process.stderr.write(`crash matrix: ${done.join(', ')}\n  ${JSON.stringify(figures)}\n`);
        expect(verdict).toEqual(Object.fromEntries(Object.keys(verdict).map((name) => [name, []])));
        expect(figures.starts).toBeGreaterThan(0);
      } finally {
        await messaging.close();
        await store.close();
      }
    },
    patienceMillis,
  );
});
