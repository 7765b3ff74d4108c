import { createConnectRouter, type DriverSettings } from '../node-routeros/connect-router.js';
import type { RouterSession } from '../router-session.js';
import { scriptedRouter, type Script, type ScriptedRouter } from './scripted-router.js';

/** Deadlines and timeouts that no test is meant to reach. */
export const PATIENCE = 10_000;
export const patient = { connectTimeoutMillis: PATIENCE, loginTimeoutMillis: PATIENCE };

/** A session of ours with a router that lets us in and then follows the script. */
export function scriptedSession<T>(
  afterLogin: Script,
  use: (session: RouterSession, router: ScriptedRouter) => Promise<T>,
  limits: DriverSettings['limits'] = {},
): Promise<T> {
  return scriptedRouter(
    async (client) => {
      await client.letIn();
      await afterLogin(client);
    },
    async (router) => {
      const session = await createConnectRouter({ limits })(router.address(), patient);
      try {
        return await use(session, router);
      } finally {
        await session.close();
      }
    },
  );
}
