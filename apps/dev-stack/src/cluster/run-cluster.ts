import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { refuseProduction } from '@scheduled-scripts/auth/issuer';
import { registerSites } from '../job/register-sites.js';
import { listAsTheGatewayGetsIt, runMainJob } from '../job/main-job.js';
import { expectations } from '../job/outcomes.js';
import type { Connection } from '../stack/connection.js';
import { startStack } from '../stack/stack.js';
import type { Terminal } from '../terminal.js';
import type { ClusterOptions } from './cluster-options.js';
import { processTable } from './process-table.js';
import { startServiceProcesses, type ServiceProcesses } from './service-processes.js';

/** What `tools/kafka` starts. */
export interface Broker {
  /** `kafka://…`, for `MESSAGING_URL`. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface Cluster {
  readonly connection: Connection;
  readonly services: ServiceProcesses;
  /** Names of the simulated routers by site. */
  readonly names: ReadonlyMap<string, string>;
  /** Folder of mails. */
  readonly outbox: string;
  readonly broker: Broker;
  stop(): Promise<void>;
}

export interface ClusterParts {
  startBroker(directory: string): Promise<Broker>;
  /** Of an EventStoreDB or KurrentDB, with `--event-store kurrent`. */
  readonly eventStoreUrl: string | undefined;
}

/** The broker, and everything else as processes around it. */
export const startCluster = async (options: ClusterOptions, parts: ClusterParts, terminal: Terminal): Promise<Cluster> => {
  const { data, port, replicas, eventStore } = options;
  if (eventStore === 'kurrent' && !parts.eventStoreUrl) throw new Error('--event-store kurrent: EVENTSTORE_URL does not name a server');
  refuseProduction(process.env['NODE_ENV']);
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const broker = await parts.startBroker(join(data, 'kafka'));
  terminal.step(`Kafka is up at ${broker.url}`);
  let services: ServiceProcesses | undefined;
  try {
    const stack = await startStack({
      data,
      port,
      say: (step) => terminal.step(step),
      messagingUrl: broker.url,
      ...(eventStore === 'kurrent' && parts.eventStoreUrl ? { eventStoreUrl: parts.eventStoreUrl } : {}),
      startServices: async (settings) => (services = await startServiceProcesses(replicas)(settings)),
    });
    const stop = async (): Promise<void> => {
      await stack.stop();
      await broker.stop();
    };
    if (!services) throw new Error('no services were started');
    const registered = await registerSites(stack.connection, stack.simulated);
    const connection = { ...stack.connection, routers: registered.map(({ siteId, host, port: at }) => ({ siteId, host, port: at })) };
    stack.announce(connection);
    const names = new Map(registered.map(({ siteId, name }) => [siteId, name]));
    return { connection, services, names, outbox: stack.outbox, broker, stop };
  } catch (error) {
    await broker.stop();
    throw error;
  }
};

export const printProcesses = async ({ services }: Cluster, terminal: Terminal): Promise<void> => {
  for (const line of processTable(await services.states())) terminal.detail(line);
};

/** The main job through the cluster; answers the list as the gateway gets it. */
export const runJob = async ({ connection, names, outbox }: Cluster, terminal: Terminal): Promise<string> => {
  const targets = connection.routers.map(({ siteId }) => {
    const name = names.get(siteId) ?? siteId;
    return { siteId, name, expected: expectations[name] ?? 'completed' };
  });
  await runMainJob(connection, targets, terminal, outbox);
  return listAsTheGatewayGetsIt(connection);
};
