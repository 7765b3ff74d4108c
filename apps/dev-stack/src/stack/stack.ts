import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { refuseProduction, startIssuer, type Issuer } from '@scheduled-scripts/auth/issuer';
import { discardEmbeddedPostgres, startEmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';
import type { Connection } from './connection.js';
import { claimFolder } from './folder-claim.js';
import { startAsBefore } from './former-port.js';
import { startGateway } from './gateway.js';
import { kept, writeWhole } from './private-files.js';
import type { Services, ServiceSettings } from './services.js';
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
  /** Of the gateway; 0: where it was before. */
  readonly port: number;
  readonly say: (step: string) => void;
  /** Gives the start up: what has started is stopped, and the reason thrown. */
  readonly signal?: AbortSignal;
  /** Unless told, the embedded Postgres is event store and messaging too, and all services run in this process. */
  readonly eventStoreUrl?: string;
  readonly messagingUrl?: string;
  readonly startServices?: (settings: ServiceSettings) => Promise<Services>;
  /** Variables for every service and for the gateway, over those of the stack. */
  readonly environment?: Readonly<Record<string, string>>;
}

const tokenLifetimeSeconds = 24 * 3_600;

const tokenFor = (issuer: Issuer, { sub, organizationId, scopes }: DemoUser): Promise<string> =>
  issuer.issueToken({ sub, organizationId, scopes, lifetimeSeconds: tokenLifetimeSeconds });

const tokensOf = async (issuer: Issuer): Promise<Connection['tokens']> => ({
  author: await tokenFor(issuer, users.author),
  approver: await tokenFor(issuer, users.approver),
  viewer: await tokenFor(issuer, users.viewer),
  otherOrganization: await tokenFor(issuer, users.otherOrganization),
});

/** For the passwords of sites, and, another one, for approval links. */
const keyRing = (): string => `dev-1:${randomBytes(32).toString('base64')}`;

const prepareFolder = (data: string): void => {
  if (existsSync(data)) return;
  // As root, another account runs Postgres and must get past here to its own folder; everything beside that is closed to it.
  mkdirSync(data, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
};

const starterOf = async ({ startServices }: StackSettings) => startServices ?? (await import('./services.js')).startServices;

/** What was started is stopped in reverse when a later step fails. */
export const startStack = async (settings: StackSettings): Promise<Stack> => {
  const { data, port, say, signal } = settings;
  const nodeEnv = process.env['NODE_ENV'];
  refuseProduction(nodeEnv);
  const at = (name: string): string => join(data, name);
  prepareFolder(data);
  const release = claimFolder(data);
  const forgetConnection = (): void => rmSync(at('connection.json'), { force: true });
  forgetConnection();
  const atExit = (): void => {
    forgetConnection();
    release();
  };
  process.once('exit', atExit);

  const processes: (() => unknown)[] = [];
  const stops: (() => unknown)[] = [
    release,
    () => process.removeListener('exit', atExit),
    () => Promise.allSettled(processes.map(async (end) => end())),
  ];
  const stop = async (): Promise<void> => {
    forgetConnection();
    for (let undo = stops.pop(); undo; undo = stops.pop()) await undo();
  };
  const started = <T extends { stop(): Promise<void> }>(part: T, what: string, among: (() => unknown)[] = stops): T => {
    among.push(() => part.stop());
    say(what);
    signal?.throwIfAborted();
    return part;
  };

  try {
    // The folder was removed, and as root the database may lie elsewhere: without the keys to its passwords it is of no use.
    if (!existsSync(at('credentials.keys')) && !existsSync(at('postgres'))) await discardEmbeddedPostgres(at('postgres'));
    const credentialsKeys = kept(at('credentials.keys'), keyRing);

    // Two other processes, and the loading of our own programs meanwhile: each takes a while by itself.
    const starting = [
      startEmbeddedPostgres({ dataDirectory: at('postgres'), durable: true, maxConnections: 200 }).then((postgres) =>
        started(postgres, 'Postgres is up', processes),
      ),
      startSimulator(at('simulator')).then((simulator) => {
        const state = simulator.adopted ? 'were still alive: adopted' : 'are up';
        return started(simulator, `${simulator.routers.length} simulated routers ${state}`, processes);
      }),
      starterOf(settings),
    ] as const;
    // Not before each has come to an end one way or the other, so that none is left behind.
    await Promise.allSettled(starting);
    const [postgres, simulator, startServices] = await Promise.all(starting);

    const issuer = await startAsBefore(at('issuer.port'), (former) =>
      startIssuer({ keyFile: at('issuer-keys.json'), nodeEnv, port: former }),
    );
    started(issuer, `tokens are issued by ${issuer.url}`);
    writeWhole(at('users.json'), userDirectory());
    const outbox = at('mail');
    mkdirSync(outbox, { recursive: true, mode: 0o700 });
    // Before the services: their mails say where it is. Until they are there it answers that they are not.
    let services: Services | null = null;
    const upstreams = { commandApi: () => services?.commandApi() ?? null, queryApi: () => services?.queryApi() ?? null };
    const gatewayAt = (where: number) => startGateway(where, upstreams, settings.environment);
    const gateway = await (port === 0 ? startAsBefore(at('gateway.port'), gatewayAt) : gatewayAt(port));
    stops.push(() => gateway.stop());
    services = await startServices({
      postgresUrl: postgres.url,
      eventStoreUrl: settings.eventStoreUrl ?? postgres.url,
      messagingUrl: settings.messagingUrl ?? postgres.url,
      issuer,
      credentialsKeys,
      approvalLinkKeys: kept(at('approval-links.keys'), keyRing),
      userDirectoryFile: at('users.json'),
      publicUrl: gateway.url,
      outbox,
      logFile: at('services.log'),
      environment: settings.environment ?? {},
    });
    started(services, 'all services are ready');
    started(gateway, `the gateway is ${gateway.url}`);
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
