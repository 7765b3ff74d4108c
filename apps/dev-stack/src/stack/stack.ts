import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startIssuer, type Issuer } from '@scheduled-scripts/auth/issuer';
import { startEmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';
import type { Connection } from './connection.js';
import { startGateway } from './gateway.js';
import { kept, writeWhole } from './private-files.js';
import { forgetProcess, notedProcess, noteProcess } from './process-proof.js';
import { startServices as startServicesHere, type Services, type ServiceSettings } from './services.js';
import { startSimulator, type SimulatedRouter } from './simulator.js';
import { userDirectory, users, type DemoUser } from './users.js';

export interface Stack {
  /** Without `routers`: they are registered through the API, like anybody's. */
  readonly connection: Omit<Connection, 'routers'>;
  readonly simulated: readonly SimulatedRouter[];
  readonly adopted: boolean;
  readonly outbox: string;
  /** Tells scripts and curl where everything is; once all is ready. */
  announce(connection: Connection): void;
  stop(): Promise<void>;
}

export interface StackSettings {
  readonly data: string;
  readonly port: number;
  readonly say: (step: string) => void;
  /** Unless told, the embedded Postgres is event store and messaging too, and all services run in this process. */
  readonly eventStoreUrl?: string;
  readonly messagingUrl?: string;
  readonly startServices?: (settings: ServiceSettings) => Promise<Services>;
}

export class AlreadyRunning extends Error {}

const tokenLifetimeSeconds = 24 * 3_600;

const tokenFor = (issuer: Issuer, { sub, organizationId, scopes }: DemoUser): Promise<string> =>
  issuer.issueToken({ sub, organizationId, scopes, lifetimeSeconds: tokenLifetimeSeconds });

const tokensOf = async (issuer: Issuer): Promise<Connection['tokens']> => ({
  author: await tokenFor(issuer, users.author),
  approver: await tokenFor(issuer, users.approver),
  viewer: await tokenFor(issuer, users.viewer),
  otherOrganization: await tokenFor(issuer, users.otherOrganization),
});

const keyRing = (): string => `dev-1:${randomBytes(32).toString('base64')}`;

/** Everything, one after the other; what was started is stopped in reverse when a later step fails. */
export const startStack = async (settings: StackSettings): Promise<Stack> => {
  const { data, port, say, startServices = startServicesHere } = settings;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(data, name);
  const other = notedProcess(at('stack.pid'));
  if (other !== null) throw new AlreadyRunning(`process ${other} already runs on ${data}`);
  noteProcess(at('stack.pid'), process.pid);
  rmSync(at('connection.json'), { force: true });

  const stops: (() => Promise<void> | void)[] = [() => forgetProcess(at('stack.pid'))];
  const stop = async (): Promise<void> => {
    rmSync(at('connection.json'), { force: true });
    for (let undo = stops.pop(); undo; undo = stops.pop()) await undo();
  };
  const started = <T extends { stop(): Promise<void> }>(part: T): T => {
    stops.push(() => part.stop());
    return part;
  };

  try {
    const postgres = started(await startEmbeddedPostgres({ dataDirectory: at('postgres'), durable: true, maxConnections: 200 }));
    say('Postgres is up');
    const simulator = started(await startSimulator(at('simulator')));
    say(`${simulator.routers.length} simulated routers ${simulator.adopted ? 'were still alive: adopted' : 'are up'}`);
    const issuer = started(await startIssuer({ keyFile: at('issuer-keys.json'), nodeEnv: process.env['NODE_ENV'] }));
    writeWhole(at('users.json'), userDirectory());
    const outbox = at('outbox');
    mkdirSync(outbox, { recursive: true, mode: 0o700 });
    const services = started(
      await startServices({
        postgresUrl: postgres.url,
        eventStoreUrl: settings.eventStoreUrl ?? postgres.url,
        messagingUrl: settings.messagingUrl ?? postgres.url,
        issuer,
        credentialsKeys: kept(at('credentials.keys'), keyRing),
        userDirectoryFile: at('users.json'),
        outbox,
        logFile: at('services.log'),
      }),
    );
    const gateway = started(await startGateway(port, services));
    say(`all services are ready behind ${gateway.url}`);
    const connection = {
      baseUrl: gateway.url,
      commandApiUrl: services.commandApi(),
      queryApiUrl: services.queryApi(),
      issuerUrl: issuer.url,
      postgresUrl: postgres.url,
      tokens: await tokensOf(issuer),
    };
    const announce = (whole: Connection): void => writeWhole(at('connection.json'), `${JSON.stringify(whole, null, 2)}\n`);
    return { connection, simulated: simulator.routers, adopted: simulator.adopted, outbox, announce, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
