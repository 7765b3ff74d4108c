import { freePort } from '../harness/ports.mjs';
import { startProgram } from '../harness/processes.mjs';

export const startPlainNest = async (scope, databaseUrl, poolSize) => {
  const port = await freePort();
  const env = { DATABASE_URL: databaseUrl, PORT: String(port), POOL_SIZE: String(poolSize) };
  const program = await startProgram(scope, 'tools/bench/peers/plain-nest.mjs', { env });
  await program.answer();
  return { ...program, url: `http://127.0.0.1:${port}` };
};

export const startBareNest = async (scope) => {
  const port = await freePort();
  const program = await startProgram(scope, 'tools/bench/peers/bare-nest.mjs', { env: { PORT: String(port) } });
  await program.answer();
  return { ...program, url: `http://127.0.0.1:${port}` };
};
