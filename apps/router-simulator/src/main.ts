import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startFleet, usualVersions } from './fleet/fleet.js';
import { FolderInUse } from './fleet/folder-claim.js';

const help = `Simulated RouterOS routers for demos and tests.

  node dist/main.js --state DIR [options]

  --state DIR        where the routers live; started again on it, the same routers are found at the same ports
  --routers N        how many (as many as there were, or 12)
  --base-port P      first port to try for new routers
  --versions LIST    RouterOS versions of new routers, in turn (${usualVersions.join(', ')})
  --faulty           new routers 11 and 12 are faulty: one refuses connections, one fails every firewall rule of a script
  --tls-cert FILE    with --tls-key: every router also listens for TLS
  --tls-key FILE
  --no-fsync         the journal does not wait for the disk
  --adopt            if the folder's routers run already, say where and end with 0 instead of 3
  --help

When ready it writes DIR/routers.json (addresses, credentials, control listener) and prints one line of JSON.
What routers have really run is in DIR/routers/NAME/journal.jsonl. The control listener takes, with its token as bearer:

  GET    /routers                      GET  /routers/NAME/journal     POST /routers/NAME/reboot
  GET    /routers/NAME/rows?menu=PATH  PUT  /routers/NAME/faults      POST /routers/NAME/power-loss
                                       DELETE /routers/NAME/faults
`;

const startsWithinMillis = 30_000;

const optionsSchema = z.object({
  state: z.string({ error: '--state DIR is needed' }).min(1),
  routers: z.coerce.number().int().min(1).max(5_000).optional(),
  'base-port': z.coerce.number().int().min(1_024).max(65_000).optional(),
  versions: z.string().optional(),
  faulty: z.boolean().default(false),
  'tls-cert': z.string().optional(),
  'tls-key': z.string().optional(),
  'no-fsync': z.boolean().default(false),
  adopt: z.boolean().default(false),
});

const readOptions = (): z.infer<typeof optionsSchema> | null => {
  const { values } = parseArgs({
    options: {
      state: { type: 'string' },
      routers: { type: 'string' },
      'base-port': { type: 'string' },
      versions: { type: 'string' },
      faulty: { type: 'boolean' },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'no-fsync': { type: 'boolean' },
      adopt: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  return values.help ? null : optionsSchema.parse(values);
};

/** The other process may still be starting its routers. */
const described = async (file: string, pid: number): Promise<void> => {
  const deadline = performance.now() + startsWithinMillis;
  while (!existsSync(file) || z.object({ pid: z.number() }).parse(JSON.parse(readFileSync(file, 'utf8'))).pid !== pid) {
    if (performance.now() > deadline) throw new Error(`process ${pid} holds the folder but has not said where its routers are`);
    await setTimeout(50);
  }
};

const main = async (): Promise<void> => {
  const options = readOptions();
  if (!options) return void process.stdout.write(help);
  const { 'tls-cert': cert, 'tls-key': key } = options;
  const directory = path.resolve(options.state);
  const file = path.join(directory, 'routers.json');
  try {
    const fleet = await startFleet({
      directory,
      faulty: options.faulty,
      fsync: !options['no-fsync'],
      ...(options.routers !== undefined && { routers: options.routers }),
      ...(options['base-port'] !== undefined && { basePort: options['base-port'] }),
      ...(options.versions !== undefined && { versions: options.versions.split(',').map((version) => version.trim()) }),
      ...(cert !== undefined && key !== undefined && { tls: { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') } }),
    });
    const stop = (): void => void fleet.stop().then(() => process.exit(0));
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    process.stdout.write(`${JSON.stringify({ ready: true, adopted: false, pid: process.pid, file })}\n`);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    if (options.adopt) {
      await described(file, error.pid);
      return void process.stdout.write(`${JSON.stringify({ ready: true, adopted: true, pid: error.pid, file })}\n`);
    }
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 3;
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}\n`);
  process.exitCode = 1;
});
