import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { expectations, listAsTheGatewayGetsIt, runMainJob } from './job/main-job.js';
import { registerSites, type RouterToRegister } from './job/register-sites.js';
import type { StackOptions } from './options.js';
import type { Connection } from './stack/connection.js';
import { startStack, type Stack } from './stack/stack.js';
import type { Terminal } from './terminal.js';

/** From the environment or a prompt, never from an argument: those are everybody's to read. */
const passwordFor = async (options: StackOptions): Promise<string> => {
  const given = process.env['ROUTER_PASSWORD'];
  if (given !== undefined || options.realRouters.length === 0) return given ?? '';
  if (!process.stdin.isTTY) throw new Error('--router: set ROUTER_PASSWORD, there is no terminal to ask at');
  process.stderr.write('Password of the routers: ');
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: mute, terminal: true });
  try {
    return await prompt.question('');
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
};

const routersToRegister = (stack: Stack, options: StackOptions, password: string): readonly RouterToRegister[] => [
  ...stack.simulated,
  ...options.realRouters.map(({ host, port, username }) => ({ name: `${host}:${port}`, host, port, username, password })),
];

export interface Running {
  readonly stop: () => Promise<void>;
  /** Resolves with the list as JSON; rejects with the step that was not observed. */
  readonly job: Promise<string>;
}

/** Starts the stack and, once it is announced, the main job. */
export const run = async (options: StackOptions, terminal: Terminal): Promise<Running> => {
  const password = await passwordFor(options);
  const stack = await startStack({ data: options.data, port: options.port, say: (step) => terminal.step(step) });
  const work = async (): Promise<string> => {
    const registered = await registerSites(stack.connection, routersToRegister(stack, options, password));
    terminal.step(`${registered.length} sites are registered`);
    const routers = registered.map(({ siteId, host, port }) => ({ siteId, host, port }));
    const connection: Connection = { ...stack.connection, routers };
    stack.announce(connection);
    const simulated = new Set(stack.simulated.map(({ name }) => name));
    const targets = registered.map(({ siteId, name }) => ({
      siteId,
      name,
      expected: simulated.has(name) ? (expectations[name] ?? 'completed') : null,
    }));
    await runMainJob(connection, targets, terminal);
    return listAsTheGatewayGetsIt(connection);
  };
  return { stop: () => stack.stop(), job: work() };
};
