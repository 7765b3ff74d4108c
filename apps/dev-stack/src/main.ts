import { fileURLToPath } from 'node:url';
import { help, parseOptions, UsageError, type StackOptions } from './options.js';
import { run, type Running } from './run.js';
import { createTerminal } from './terminal.js';

const dataOfCheckout = fileURLToPath(new URL('../../../.data', import.meta.url));

/** What has not stopped by then is left to what each part does when the process exits. */
const stopsWithinMillis = 4_000;

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

// A reader that has gone away is no reason to end without stopping.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const terminal = createTerminal();
const stopping = new AbortController();
let starting: Promise<Running> | undefined;
let ending: Promise<never> | undefined;

/** Once; a second signal while it is under way ends at once. */
const end = (code: number): Promise<never> =>
  (ending ??= (async () => {
    setTimeout(() => process.exit(code), stopsWithinMillis);
    stopping.abort();
    const running = await starting?.catch(() => undefined);
    await running?.stop();
    return process.exit(code);
  })());

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (ending) process.exit(exitCodes[signal]);
    terminal.step('stopping');
    void end(exitCodes[signal]);
  });
}

const explain = (error: unknown): void => {
  if (ending) return; // It was cut off.
  terminal.failure(error instanceof Error ? error.message : String(error));
  if (!(error instanceof UsageError)) terminal.detail(`what the services had to say: ${options.data}/services.log`);
};

starting = run(options, terminal, stopping.signal);
try {
  const { job } = await starting;
  let code = 0;
  try {
    process.stdout.write(`${await job}\n`);
  } catch (error) {
    explain(error);
    code = 1;
  }
  if (options.once || ending) await end(code);
  terminal.step('everything stays up; Ctrl-C stops it');
  terminal.detail(`addresses and tokens: ${options.data}/connection.json`);
} catch (error) {
  explain(error);
  await end(1);
}
