import { listAsTheGatewayGetsIt, runMainJob } from './job/main-job.js';
import { expectations } from './job/outcomes.js';
import { registerSites, type RouterToRegister } from './job/register-sites.js';
import type { StackOptions } from './options.js';
import { routerPassword } from './password.js';
import type { Connection } from './stack/connection.js';
import { startStack } from './stack/stack.js';
import type { Terminal } from './terminal.js';

export interface Running {
  readonly stop: () => Promise<void>;
  /** Resolves with the list as JSON; rejects with the step that was not observed. */
  readonly job: Promise<string>;
}

const realRouters = async (options: StackOptions, signal: AbortSignal): Promise<readonly RouterToRegister[]> => {
  if (options.realRouters.length === 0) return [];
  const password = await routerPassword(signal);
  return options.realRouters.map((router) => ({ ...router, password }));
};

/** Resolves once everything is ready and announced, and the main job has begun. What has started is stopped when it rejects. */
export const run = async (options: StackOptions, terminal: Terminal, signal: AbortSignal): Promise<Running> => {
  const real = await realRouters(options, signal);
  const stack = await startStack({ data: options.data, port: options.port, say: (step) => terminal.step(step), signal });
  try {
    const registered = await registerSites(stack.connection, [...stack.simulated, ...real]);
    terminal.step(`${registered.length} sites are registered`);
    const routers = registered.map(({ siteId, host, port }) => ({ siteId, host, port }));
    const connection: Connection = { ...stack.connection, routers };
    const simulated = new Set(stack.simulated.map(({ name }) => name));
    const targets = registered.map(({ siteId, name }) => ({
      siteId,
      name,
      expected: simulated.has(name) ? (expectations[name] ?? 'completed') : null,
    }));
    signal.throwIfAborted();
    stack.announce(connection);
    const job = runMainJob(connection, targets, terminal, stack.outbox).then(() => listAsTheGatewayGetsIt(connection));
    return { stop: () => stack.stop(), job };
  } catch (error) {
    await stack.stop();
    throw error;
  }
};
