import { fileURLToPath } from 'node:url';
import { help, parseOptions, UsageError, type StackOptions } from './options.js';
import { run, type Running } from './run.js';
import { createTerminal } from './terminal.js';

const terminal = createTerminal();
const dataOfCheckout = fileURLToPath(new URL('../../../.data', import.meta.url));

const readOptions = (): StackOptions | null => {
  try {
    return parseOptions(process.argv.slice(2), dataOfCheckout);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${help}`);
    return process.exit(2);
  }
};

const options = readOptions();
if (!options) {
  process.stdout.write(help);
  process.exit(0);
}

let running: Running | undefined;
let ending: Promise<void> | undefined;

/** Once; a second signal while it is under way ends at once. */
const end = (code: number): Promise<void> =>
  (ending ??= (async () => {
    await running?.stop();
    process.exit(code);
  })());

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (ending) process.exit(130);
    terminal.step('stopping');
    void end(signal === 'SIGINT' ? 130 : 143);
  });
}

try {
  running = await run(options, terminal);
  process.stdout.write(`${await running.job}\n`);
  if (options.once) await end(0);
  terminal.step('everything stays up; Ctrl-C stops it');
  terminal.detail(`addresses and tokens: ${options.data}/connection.json`);
  terminal.detail('a second script: see README.md');
} catch (error) {
  if (!ending) {
    terminal.failure(error instanceof Error ? error.message : String(error));
    await end(1);
  }
}
