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
  readonly port: number;
  readonly replicas: Replicas;
  readonly eventStore: 'postgres' | 'kurrent';
}

export const clusterHelp = `Usage: npm run start:cluster [-- options]

Starts a real Kafka broker, Postgres, and every service as processes of their own, and runs the main job through them.
Needs Java 17 or later, and Maven the first time.

  --replicas LIST      how many of which, e.g. launcher=3,device-executor=2,projector=2 (2 relays, launchers and executors, else 1)
  --event-store KIND   postgres (unless told), or kurrent: the server that EVENTSTORE_URL names
  --once               end after the main job: 0 if every step of it was observed, otherwise 1
  --port N             the port of the gateway (a free one unless told)
  --data DIR           where everything is kept (.data-cluster unless told)
  --help               this text
`;

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
