import { freePort } from '../harness/ports.mjs';
import { startProgram } from '../harness/processes.mjs';

const startPeer = async (scope, name, env = {}) => {
  const port = await freePort();
  const program = await startProgram(scope, `tools/bench/peers/${name}.mjs`, { env: { ...env, PORT: String(port) } });
  await program.answer();
  return { ...program, url: `http://127.0.0.1:${port}` };
};

const databaseOf = (url, poolSize) => ({ DATABASE_URL: url, POOL_SIZE: String(poolSize) });

export const startPlainNest = (scope, databaseUrl, poolSize) => startPeer(scope, 'plain-nest', databaseOf(databaseUrl, poolSize));

/** `access`: as `startAccess` gives it. */
export const startSameEndpoint = (scope, databaseUrl, poolSize, { access, organizationId, siteIds }) =>
  startPeer(scope, 'same-endpoint', {
    ...databaseOf(databaseUrl, poolSize),
    ...access.env,
    ORGANIZATION_ID: organizationId,
    SITE_IDS: siteIds.join(),
  });

export const startBareNest = (scope) => startPeer(scope, 'bare-nest');
