import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultsInput, JournalRecord } from '@scheduled-scripts/router-simulator';

interface Fleet {
  readonly pid: number;
  readonly control: { readonly url: string; readonly token: string };
  readonly routers: readonly { readonly name: string }[];
}

export interface ScriptStart {
  readonly router: string;
  readonly execution: string;
  readonly script: string;
}

const fleetOf = (data: string): Fleet | null => {
  const file = join(data, 'simulator', 'routers.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Fleet) : null;
};

const ask = async ({ control }: Fleet, method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${control.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${control.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  return answer.json();
};

/** The routers lose power: their last writes, and then the process that simulates them. */
export const losePower = async (data: string, loseMillis: number): Promise<void> => {
  const fleet = fleetOf(data);
  if (!fleet) return;
  await Promise.all(fleet.routers.map(({ name }) => ask(fleet, 'POST', `/routers/${name}/power-loss`, { loseMillis })));
  process.kill(fleet.pid, 'SIGKILL');
};

const fleetThatRuns = (data: string): Fleet => {
  const fleet = fleetOf(data);
  if (!fleet) throw new Error('no routers run');
  return fleet;
};

/** In place of those that the router has; `{}` heals it. */
export const setFaults = async (data: string, router: string, faults: FaultsInput): Promise<void> => {
  await ask(fleetThatRuns(data), 'PUT', `/routers/${router}/faults`, faults);
};

/** What really happened on a router; nothing takes it back. */
export const journalOf = async (data: string, router: string): Promise<readonly JournalRecord[]> => {
  const { journal } = (await ask(fleetThatRuns(data), 'GET', `/routers/${router}/journal`)) as { journal: readonly JournalRecord[] };
  return journal;
};

/** Every start of a script that belongs to an execution. */
export const scriptStarts = async (data: string): Promise<readonly ScriptStart[]> => {
  const journals = await Promise.all(
    fleetThatRuns(data).routers.map(async ({ name }) =>
      (await journalOf(data, name)).flatMap((entry) =>
        entry.kind === 'script-started' && entry.execution ? [{ router: name, execution: entry.execution, script: entry.script }] : [],
      ),
    ),
  );
  return journals.flat();
};
