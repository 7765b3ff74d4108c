import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { ordinaryProfile } from '../router/device-profile.js';
import { writePrivately } from '../router/private-file.js';
import { RouterVersion } from '../router/router-version.js';

const port = z.number().int().min(1).max(65_535);

const routerSchema = z.object({
  name: z.string(),
  port,
  tlsPort: port.nullable(),
  identity: z.string(),
  version: z.string(),
  board: z.string(),
  model: z.string(),
  serial: z.string(),
  softwareId: z.string(),
  username: z.string(),
  password: z.string(),
});

const fleetSchema = z.object({
  /** Of the control listener. */
  token: z.string(),
  routers: z.array(routerSchema),
});

export type FleetRouter = z.infer<typeof routerSchema>;
export type FleetPlan = z.infer<typeof fleetSchema>;

const fleetFile = (directory: string): string => path.join(directory, 'fleet.json');

export const writePlan = (directory: string, plan: FleetPlan): void => writePrivately(fleetFile(directory), plan);

export interface FleetShape {
  readonly routers: number | null;
  readonly basePort: number | null;
  readonly versions: readonly string[];
  readonly withTls: boolean;
}

const boards = [
  { board: 'RB5009UG+S+', model: 'RB5009UG+S+' },
  { board: 'CCR2004-1G-12S+2XS', model: 'CCR2004-1G-12S+2XS' },
  { board: 'hEX S', model: 'RB760iGS' },
  { board: 'hAP ax^3', model: 'C53UiG+5HPaxD2HPaxD' },
] as const;

const fewRouters = 12;

/** What the state folder says of the fleet, with what is missing added. Nothing is written: the folder may be another's. */
export const planFleet = async (directory: string, shape: FleetShape): Promise<FleetPlan> => {
  const file = fleetFile(directory);
  const stored = existsSync(file) ? fleetSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : null;
  const count = shape.routers ?? Math.max(stored?.routers.length ?? 0, fewRouters);
  const known = stored?.routers ?? [];
  const missing = Math.max(0, count - known.length);
  const withoutTls = shape.withTls ? known.filter((router) => router.tlsPort === null).length : 0;
  const ports = await freePorts(
    missing * (shape.withTls ? 2 : 1) + withoutTls,
    shape.basePort,
    new Set(known.flatMap((router) => [router.port, router.tlsPort ?? 0])),
  );
  const routers = known.map((router) => (shape.withTls && router.tlsPort === null ? { ...router, tlsPort: taken(ports) } : router));
  for (let number = known.length + 1; number <= count; number += 1) routers.push(newRouter(number, shape, ports));
  return { token: stored?.token ?? randomBytes(24).toString('base64url'), routers };
};

const taken = (ports: number[]): number => {
  const next = ports.shift();
  if (next === undefined) throw new Error('no free port left');
  return next;
};

const newRouter = (number: number, shape: FleetShape, ports: number[]): FleetRouter => {
  const { board, model } = boards[(number - 1) % boards.length] ?? boards[0];
  const name = `router-${String(number).padStart(2, '0')}`;
  return {
    name,
    port: taken(ports),
    tlsPort: shape.withTls ? taken(ports) : null,
    ...ordinaryProfile(name),
    version: new RouterVersion(shape.versions[(number - 1) % shape.versions.length] ?? ordinaryProfile(name).version).text,
    board,
    model,
    serial: `HC${randomBytes(5).toString('hex').toUpperCase().slice(0, 9)}`,
    softwareId: `${softwareIdPart()}-${softwareIdPart()}`,
    password: randomBytes(12).toString('base64url'),
  };
};

const softwareIdPart = (): string => Array.from({ length: 4 }, () => 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'[randomInt(34)]).join('');

/**
 * Ports below those that systems hand out to outgoing connections: a router that is down for a while must find its port free
 * when it comes back.
 */
const freePorts = async (count: number, basePort: number | null, reserved: ReadonlySet<number>): Promise<number[]> => {
  const ports: number[] = [];
  const start = basePort ?? 20_000 + 20 * randomInt(500);
  for (let candidate = start; ports.length < count && candidate < 65_535; candidate += 1) {
    if (!reserved.has(candidate) && (await isFree(candidate))) ports.push(candidate);
  }
  if (ports.length < count) throw new Error(`no ${count} free ports from ${start} on`);
  return ports;
};

const isFree = (candidate: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(candidate, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
