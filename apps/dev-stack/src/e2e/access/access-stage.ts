import { Forge, startListener, startScriptedIssuer, type Json, type Listener, type ScriptedIssuer } from '@scheduled-scripts/auth/testing';
import { scopes } from '@scheduled-scripts/contracts';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { expectations, type ExpectedOutcome } from '../../job/outcomes.js';
import { registerSites } from '../../job/register-sites.js';
import { startServices, type ServiceSettings } from '../../stack/services.js';
import { startStack } from '../../stack/stack.js';
import { users, type DemoUser } from '../../stack/users.js';
import type { Connection } from '../../stack/connection.js';
import { newDataFolder } from '../data-folder.js';
import { createHttpClient, type HttpClient } from './http-client.js';
import { watchRoutes, type ServedRoute } from '../served-routes.js';

/** One of the two APIs, and both ways to it. */
export interface Service {
  readonly name: 'command-api' | 'query-api';
  readonly url: string;
  readonly routes: readonly ServedRoute[];
}

/** A whole stack in this process, whose tokens the test makes. */
export interface AccessStage {
  readonly connection: Connection;
  readonly services: readonly Service[];
  readonly forge: Forge;
  readonly issuer: ScriptedIssuer;
  readonly attacker: Listener;
  readonly database: Database;
  readonly client: HttpClient;
  /** What the services were told. */
  readonly settings: ServiceSettings;
  /** The registered routers. */
  readonly targets: readonly ExpectedOutcome[];
  stop(): Promise<void>;
}

export const everyScope = Object.values(scopes);

const claimsOf = ({ sub, organizationId, scopes: granted }: Omit<DemoUser, 'email' | 'approver'>): Json => ({
  sub,
  org_id: organizationId,
  scope: granted.join(' '),
});

export const startAccessStage = async (): Promise<AccessStage> => {
  const folder = newDataFolder();
  const attacker = await startListener();
  const forge = new Forge({
    issuer: 'https://issuer.example',
    audience: 'scheduled-scripts',
    claims: claimsOf({ ...users.author, scopes: everyScope }),
    attackerUrl: attacker.url,
  });
  const issuer = await startScriptedIssuer(forge.published, attacker.url);
  const watch = watchRoutes();
  const { url, audience } = { url: forge.options.issuer, audience: forge.options.audience };
  let given: ServiceSettings | undefined;
  const stack = await startStack({
    data: folder.path,
    port: 0,
    say: () => undefined,
    startServices: (settings) => {
      given = { ...settings, issuer: { url, audience, jwksUri: issuer.jwksUri } };
      return startServices(given);
    },
  });
  watch.stop();
  if (given === undefined) throw new Error('the stack has started without its services');
  const tokens = {
    author: forge.token({}, claimsOf(users.author)),
    approver: forge.token({}, claimsOf(users.approver)),
    viewer: forge.token({}, claimsOf(users.viewer)),
    otherOrganization: forge.token({}, claimsOf(users.otherOrganization)),
  };
  const reachable = { ...stack.connection, tokens };
  const registered = await registerSites(reachable, stack.simulated);
  const routers = registered.map(({ siteId, host, port }) => ({ siteId, host, port }));
  const connection: Connection = { ...reachable, routers };
  const targets = registered.map(({ siteId, name }) => ({ siteId, name, expected: expectations[name] ?? ('completed' as const) }));
  const database = await openDatabase({ url: connection.postgresUrl, schema: 'public', applicationName: 'judge' });
  const client = createHttpClient(256);
  return {
    connection,
    services: [
      { name: 'command-api', url: connection.commandApiUrl, routes: watch.at(connection.commandApiUrl) },
      { name: 'query-api', url: connection.queryApiUrl, routes: watch.at(connection.queryApiUrl) },
    ],
    forge,
    issuer,
    attacker,
    database,
    client,
    settings: given,
    targets,
    stop: async () => {
      client.stop();
      await database.close();
      await stack.stop();
      await issuer.stop();
      await attacker.stop();
      await folder.remove();
    },
  };
};
