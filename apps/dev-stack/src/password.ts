import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { UsageError } from './options.js';

/** Asks at the terminal, without an echo. */
const askFor = async (what: string, signal: AbortSignal): Promise<string> => {
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(`${what}: `);
  const prompt = createInterface({ input: process.stdin, output: mute, terminal: true });
  // While it reads keys one by one, the terminal makes no signal of a Ctrl-C.
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const closed = new Promise<never>((_resolve, reject) => prompt.once('close', () => reject(new UsageError('no password was given'))));
  try {
    return await Promise.race([prompt.question('', { signal }), closed]);
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
};

/** From the environment or the terminal, never from an argument: those are everybody's to read. */
export const routerPassword = async (signal: AbortSignal): Promise<string> => {
  const given = process.env['ROUTER_PASSWORD'];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY) throw new UsageError('--router: set ROUTER_PASSWORD, there is no terminal to ask at');
  return askFor('Password of the routers', signal);
};
