import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UsageError } from '../options.js';

export const serviceNames = [
  'command-api',
  'query-api',
  'event-relay',
  'projector',
  'launcher',
  'device-executor',
  'notifier',
  'summarizer',
] as const;
export type ServiceName = (typeof serviceNames)[number];

export type Replicas = Readonly<Record<ServiceName, number>>;

export interface ClusterOptions {
  readonly once: boolean;
  readonly data: string;
  /** Of the gateway; 0: where it was before. */
  readonly port: number;
  readonly replicas: Replicas;
  readonly eventStore: 'postgres' | 'kurrent';
}

export const clusterHelp = readFileSync(new URL('../../usage/start-cluster.txt', import.meta.url), 'utf8');

const usual: Replicas = {
  'command-api': 1,
  'query-api': 1,
  'event-relay': 2,
  projector: 1,
  launcher: 2,
  'device-executor': 2,
  notifier: 1,
  summarizer: 1,
};

const isServiceName = (name: string): name is ServiceName => (serviceNames as readonly string[]).includes(name);

export const parseReplicas = (list: string): Replicas => {
  const replicas: Record<ServiceName, number> = { ...usual };
  for (const entry of list.split(',').filter((part) => part !== '')) {
    const [name = '', count = ''] = entry.split('=');
    if (!isServiceName(name)) throw new UsageError(`--replicas: there is no service ${name}`);
    if (!/^[1-9]\d?$/.test(count)) throw new UsageError(`--replicas: ${entry} is not NAME=COUNT with 1 to 99`);
    replicas[name] = Number(count);
  }
  return replicas;
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        replicas: { type: 'string', default: '' },
        'event-store': { type: 'string', default: 'postgres' },
        once: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** `null`: help was asked for. Throws `UsageError`. */
export const parseClusterOptions = (args: readonly string[], defaultData: string): ClusterOptions | null => {
  const values = parse(args);
  if (values.help) return null;
  const eventStore = values['event-store'];
  if (eventStore !== 'postgres' && eventStore !== 'kurrent')
    throw new UsageError(`--event-store: ${eventStore} is neither postgres nor kurrent`);
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) throw new UsageError(`--port: ${values.port} is not a port`);
  return {
    once: values.once,
    data: values.data ?? defaultData,
    port: Number(values.port),
    replicas: parseReplicas(values.replicas),
    eventStore,
  };
};
