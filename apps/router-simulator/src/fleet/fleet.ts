import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import type { FaultsInput } from '../faults/fault-schema.js';
import type { TlsFiles } from '../session/sessions.js';
import { FolderClaim } from './folder-claim.js';
import { controlServer } from './control-server.js';
import { writePrivately } from '../router/private-file.js';
import { planFleet, writePlan, type FleetRouter } from './fleet-file.js';
import { startRouter, type RouterDescription, type RunningRouter } from './running-router.js';

export interface FleetOptions {
  readonly directory: string;
  /** As many as were there before, or 12. */
  readonly routers?: number;
  readonly basePort?: number;
  readonly versions?: readonly string[];
  /** Router 11 refuses connections, router 12 fails its script: something to look at. */
  readonly faulty?: boolean;
  readonly tls?: TlsFiles;
  readonly fsync?: boolean;
}

/** What `routers.json` holds. */
export interface FleetDescription {
  readonly pid: number;
  readonly control: { readonly url: string; readonly token: string };
  readonly routers: readonly RouterDescription[];
}

export interface Fleet {
  readonly description: FleetDescription;
  readonly routers: readonly RunningRouter[];
  /** Twice is once. */
  stop(): Promise<void>;
}

export const usualVersions = ['7.19.4 (stable)', '7.16.2 (stable)', '7.20.8 (long-term)', '7.12.1 (stable)'] as const;

const demoFaults: Readonly<Record<string, FaultsInput>> = {
  'router-11': { conditions: { refuse: true } },
  'router-12': {
    rules: [
      {
        at: { point: 'command', path: '/ip/firewall/*/add', origin: 'script' },
        effect: { kind: 'trap', message: 'failure: out of memory' },
      },
    ],
  },
};

/** Starts the fleet of a state folder. Throws `FolderInUse` while another process runs it. */
export const startFleet = async (options: FleetOptions): Promise<Fleet> => {
  const { directory } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const claim = new FolderClaim(directory);
  await claim.assertFree();
  const plan = await planFleet(directory, {
    routers: options.routers ?? null,
    basePort: options.basePort ?? null,
    versions: options.versions ?? usualVersions,
    withTls: options.tls !== undefined,
  });
  const instance = randomUUID();
  const routers: RunningRouter[] = [];
  const control = controlServer({ token: plan.token, instance, routers: () => routers });
  const file = path.join(directory, 'routers.json');
  const end = async (): Promise<void> => {
    rmSync(file, { force: true });
    await Promise.all(routers.map((router) => router.stop()));
    claim.release(instance);
    control.closeAllConnections();
    await new Promise((resolve) => control.close(resolve));
  };
  let ending: Promise<void> | null = null;
  const stop = (): Promise<void> => (ending ??= end());

  const url = await listen(control);
  try {
    claim.take({ instance, url });
  } catch (error) {
    control.close();
    throw error;
  }
  try {
    // Of a run that was killed: who adopts must not read it.
    rmSync(file, { force: true });
    writePlan(directory, plan);
    for (const planned of plan.routers.slice(0, options.routers)) routers.push(await startPlanned(planned, options));
    const description = { pid: process.pid, control: { url, token: plan.token }, routers: routers.map((router) => router.description) };
    writePrivately(file, description);
    return { description, routers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const startPlanned = ({ name, port, tlsPort, ...profile }: FleetRouter, options: FleetOptions): Promise<RunningRouter> =>
  startRouter({
    name,
    directory: path.join(options.directory, 'routers', name),
    profile,
    port,
    ...(options.tls && tlsPort !== null && { tls: { port: tlsPort, files: options.tls } }),
    ...(options.fsync !== undefined && { fsync: options.fsync }),
    faults: (options.faulty === true && demoFaults[name]) || {},
  });

const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
