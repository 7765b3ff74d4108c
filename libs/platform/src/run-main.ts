import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { EnvironmentError, parseEnvironment, type EnvironmentVariables } from './environment/environment.js';
import { helpText } from './environment/help.js';
import { serviceEnvironment, type ServiceEnvironment } from './environment/service.environment.js';
import { createLogger } from './logging/pino.logger.js';
import type { RunningService, ServiceDefinition } from './service.js';
import { startService } from './start-service.js';

/** What of the process is used; a test passes its own. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: EnvironmentVariables;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  exit(code: number): unknown;
}

const signals = { SIGTERM: 15, SIGINT: 2 };

/**
 * The whole of a service's `main.ts`. Exit codes: 0 after a stop by signal, 1 when something failed, 2 for wrong arguments or a
 * wrong environment, 128 + n when a second signal cuts a stop short.
 */
export async function runMain<Schema extends z.ZodObject>(definition: ServiceDefinition<Schema>, host: Host = process): Promise<void> {
  const [argument, ...rest] = host.argv.slice(2);
  if (argument === '--help' || argument === '-h') return finish(host, 0, 'stdout', helpText(definition));
  if (argument === '--version') return finish(host, 0, 'stdout', `${definition.name} ${versionOf(host.argv[1])}\n`);
  if (argument === '--migrate') return task(definition, host, migrating(definition));
  const command = argument === undefined ? undefined : definition.commands?.[argument];
  if (command !== undefined) return task(definition, host, (env) => command.run(env, rest, (line) => void host.stdout.write(`${line}\n`)));
  if (argument !== undefined) return finish(host, 2, 'stderr', `Unknown argument. Try ${definition.name} --help.\n`);

  const logger = createLogger({ name: definition.name, level: levelOf(host.env) });
  let running: RunningService | undefined;
  let exitCode: number | undefined;
  const starting = new AbortController();

  const end = async (code: number): Promise<void> => {
    const first = exitCode === undefined;
    exitCode = Math.max(exitCode ?? 0, code);
    if (!first) return;
    if (running !== undefined) await running.stop().finally(() => host.exit(exitCode ?? code));
    // Otherwise the start is under way. After an error nobody knows what it would do yet.
    else if (code !== 0) host.exit(code);
    else starting.abort();
  };

  for (const [signal, number] of Object.entries(signals)) {
    host.on(signal, () => {
      if (exitCode !== undefined) {
        host.exit(128 + number);
        return;
      }
      logger.info({ signal }, 'stopping');
      void end(0);
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    host.on(event, (error) => {
      logger.fatal({ err: error, event }, 'an error that nobody handled');
      void end(1);
    });
  }

  try {
    running = await startService(definition, host.env, { logger, giveUp: starting.signal });
  } catch (error) {
    if (exitCode !== undefined) return finish(host, exitCode, 'stderr', '');
    if (error instanceof EnvironmentError) return finish(host, 2, 'stderr', `${error.message}\nTry ${definition.name} --help.\n`);
    logger.fatal({ err: error }, 'could not start');
    return finish(host, 1, 'stderr', '');
  }
  if (exitCode !== undefined) await running.stop().finally(() => host.exit(exitCode ?? 1));
}

function migrating<Schema extends z.ZodObject>(definition: ServiceDefinition<Schema>): (env: z.output<Schema>) => Promise<number> {
  return async (env) => {
    await definition.migrate?.(env);
    return 0;
  };
}

/** Does one thing and ends. */
async function task<Schema extends z.ZodObject>(
  definition: ServiceDefinition<Schema>,
  host: Host,
  work: (env: z.output<Schema>) => Promise<number>,
): Promise<void> {
  try {
    host.exit(await work(parseEnvironment(definition.environment, host.env)));
  } catch (error) {
    if (error instanceof EnvironmentError) return finish(host, 2, 'stderr', `${error.message}\nTry ${definition.name} --help.\n`);
    createLogger({ name: definition.name, level: levelOf(host.env) }).fatal({ err: error }, 'failed');
    host.exit(1);
  }
}

function finish(host: Host, code: number, stream: 'stdout' | 'stderr', text: string): void {
  if (text !== '') host[stream].write(text);
  host.exit(code);
}

/** Before the environment has been looked at as a whole: a wrong level is its error, not ours. */
function levelOf({ LOG_LEVEL }: EnvironmentVariables): ServiceEnvironment['LOG_LEVEL'] {
  return serviceEnvironment.shape.LOG_LEVEL.catch('info').parse(LOG_LEVEL);
}

/** Of the package that the started script belongs to. */
function versionOf(script = ''): string {
  for (let folder = dirname(script); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
    } catch {
      // Not here; further up.
    }
  }
  return 'unknown';
}
