import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readRecipe, settingsOf } from '../../manifests/image/recipe.mjs';
import { root } from '../../prepare.mjs';

const guard = join(import.meta.dirname, 'end-with-parent.mjs');
const stopMillis = 10_000;

const ended = (child) => child.exitCode !== null || child.signalCode !== null;

const end = async (child) => {
  if (ended(child)) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMillis);
  await gone;
  clearTimeout(timer);
};

/** A program of its own, that ends with the benchmark. What it says on standard error is kept for the message, should it fail. */
export const startProgram = async (scope, file, { env = {}, args = [], nodeFlags = [] } = {}) => {
  const child = fork(resolve(root, file), args, {
    env: { ...process.env, ...env },
    execArgv: ['--no-warnings', '--import', guard, ...nodeFlags],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = `${said}${chunk}`.slice(-4_000)));
  await scope.add(child, () => end(child));
  return {
    pid: child.pid,
    send: (message) => child.send(message),
    /** The next message, or a rejection when it ends before. */
    answer: () =>
      new Promise((done, fail) => {
        const over = () => fail(new Error(`${file} ended: ${said}`));
        if (ended(child)) over();
        child.once('exit', over);
        child.once('message', (message) => {
          child.removeListener('exit', over);
          done(message);
        });
      }),
    /** Until it ends by itself; rejects unless it ends well. */
    finished: async () => {
      if (!ended(child)) await new Promise((done) => child.once('exit', done));
      if (child.exitCode !== 0) throw new Error(`${file} ended with ${child.exitCode ?? child.signalCode}: ${said}`);
    },
    check: () => {
      if (ended(child)) throw new Error(`${file} ended: ${said}`);
    },
    stop: () => end(child),
  };
};

/** What the image gives to Node. */
const deployedFlags = () => {
  const stages = readRecipe(readFileSync(join(root, 'docker/Dockerfile'), 'utf8'));
  const [, ...flags] = settingsOf(stages, 'services').entrypoint;
  return flags;
};

/** One of our services as it is deployed, on a free port; resolves when it is ready. */
export const startOurService = async (scope, name, { port, env, nodeFlags = [] }) => {
  const url = `http://127.0.0.1:${port}`;
  const program = await startProgram(scope, `apps/${name}/dist/main.js`, {
    env: { ...env, PORT: String(port) },
    nodeFlags: [...deployedFlags(), ...nodeFlags],
  });
  const deadline = Date.now() + 30_000;
  for (;;) {
    program.check();
    if (
      await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return { ...program, url };
    if (Date.now() > deadline) throw new Error(`${name} was not ready within 30 s`);
    await pause(50);
  }
};
