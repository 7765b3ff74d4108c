// A JVM outlives its parent. Two ways to see that none does: a watcher that notices our end, and a look before the next start.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Kills `pid` when this process ends, however it ends: a shell reads from a pipe of which we hold the other end.
 * @returns {() => void} to be called when `pid` has ended by itself
 */
export const endWithUs = (pid, pidFile) => {
  writeFileSync(pidFile, String(pid));
  const watcher = spawn('/bin/sh', ['-c', `cat >/dev/null; kill -9 ${pid} 2>/dev/null`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  watcher.stdin.unref();
  watcher.stdin.on('error', () => undefined);
  return () => {
    watcher.kill('SIGKILL');
    rmSync(pidFile, { force: true });
  };
};

const commandOf = (pid) => spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();

/** Ends a broker of this directory that an earlier process has left; another program that was given its number is let alone. */
export const endLeftOver = async (pidFile, directory) => {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const isOurs = () => commandOf(pid).includes(directory);
  if (pid > 1 && isOurs()) {
    process.kill(pid, 'SIGKILL');
    while (isOurs()) await pause(20);
  }
  rmSync(pidFile, { force: true });
};
