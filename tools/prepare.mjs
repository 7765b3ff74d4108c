// What a fresh clone lacks: installs the packages of package-lock.json and compiles. Speaks on standard error only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const say = (line) => process.stderr.write(`${line}\n`);

/** Runs a program in the project's root; resolves to its exit code. While it is silent, says every 10 s that it still works. */
export const run = (command, args, { doing, env = process.env, stdout = 2 } = {}) =>
  new Promise((done, fail) => {
    const began = Date.now();
    const beat = doing && setInterval(() => say(`  … ${doing} (${Math.round((Date.now() - began) / 1000)} s)`), 10_000);
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', stdout, 2] });
    child.once('error', fail);
    child.once('close', (code) => {
      clearInterval(beat);
      done(code ?? 1);
    });
  });

const stampFile = resolve(root, 'node_modules/.installed-from');

const wantedStamp = () =>
  createHash('sha256')
    .update(readFileSync(resolve(root, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');

const isInstalled = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wantedStamp();

export const install = async () => {
  if (isInstalled()) return;
  say('Installing packages (the first time takes about a minute)');
  const code = await run('npm', ['ci', '--loglevel=error'], { doing: 'installing' });
  if (code !== 0) throw new Error(`npm ci ended with ${code}`);
  writeFileSync(stampFile, wantedStamp());
};

export const build = async () => {
  say('Compiling');
  const code = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-b'], { doing: 'compiling' });
  if (code !== 0) throw new Error('the type check failed');
};

export const requireNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`Node 20.19 or later is needed, this is ${process.version}`);
};
