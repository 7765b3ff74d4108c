import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { FaultsInput } from '../faults/fault-schema.js';
import type { TlsFiles } from '../session/sessions.js';
import { claimFolder } from './folder-claim.js';
import { controlServer } from './control-server.js';
import { planFleet, writePlan, writePrivately } from './fleet-file.js';
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
  const { directory, tls } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const instance = randomUUID();
  const routers: RunningRouter[] = [];
  const plan = await planFleet(directory, {
    routers: options.routers ?? null,
    basePort: options.basePort ?? null,
    versions: options.versions ?? usualVersions,
    withTls: tls !== undefined,
  });
  const control = controlServer({ token: plan.control.token, instance, routers: () => routers });
  const url = `http://127.0.0.1:${plan.control.port}`;
  const claim = await claimFolder(directory, { instance, url }, () => listen(control, plan.control.port));

  writePlan(directory, plan);

  const file = path.join(directory, 'routers.json');
  const stop = async (): Promise<void> => {
    rmSync(file, { force: true });
    await Promise.all(routers.map((router) => router.stop()));
    control.closeAllConnections();
    await new Promise((resolve) => control.close(resolve));
    claim.release();
  };
  try {
    for (const { name, port, tlsPort, ...profile } of plan.routers.slice(0, options.routers)) {
      const router = await startRouter({
        name,
        directory: path.join(directory, 'routers', name),
        profile,
        port,
        ...(tls && tlsPort !== null && { tls: { port: tlsPort, files: tls } }),
        ...(options.fsync !== undefined && { fsync: options.fsync }),
        faults: (options.faulty === true && demoFaults[name]) || {},
      });
      routers.push(router);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const description = {
    pid: process.pid,
    control: { url, token: plan.control.token },
    routers: routers.map((router) => router.description),
  };
  writePrivately(file, description);
  return { description, routers, stop };
};

const listen = (server: ReturnType<typeof controlServer>, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
