import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.js';
import type { Placement } from './placement.js';

const passwordFile = 'scheduled-scripts.password';

const initdb = (programs: string, data: string, account: Account | null, durable: boolean, secret: string): void => {
  const flags = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${secret}`, '--encoding=UTF8', '--locale=C'];
  const made = spawnSync(join(programs, 'bin', 'initdb'), [`--pgdata=${data}`, ...flags, ...(durable ? [] : ['--no-sync'])], {
    ...account,
    cwd: data,
    env: { LC_ALL: 'C' },
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`);
};

/** Makes the cluster beside its place and moves it there: one that was cut off half-way is never taken for whole. */
export const initialise = ({ programs, data }: Placement, account: Account | null, durable: boolean): void => {
  if (existsSync(join(data, 'PG_VERSION'))) return;
  const half = `${data}.half-made`;
  const secret = `${data}.${randomBytes(8).toString('hex')}`;
  const password = randomBytes(24).toString('base64url');
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  writeFileSync(secret, password, { mode: 0o600, flag: 'wx' });
  try {
    for (const path of account ? [half, secret] : []) chownSync(path, account?.uid ?? 0, account?.gid ?? 0);
    initdb(programs, half, account, durable, secret);
    writeFileSync(join(half, passwordFile), password, { mode: 0o600 });
    renameSync(half, data);
  } finally {
    rmSync(secret, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
};

export const passwordOf = (data: string): string => readFileSync(join(data, passwordFile), 'utf8');
