// npm run bench [-- name …]: each benchmark measures our side and another one in turn, and prints their ratio beside what is expected.
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, install, requireNode, root, run } from './prepare.mjs';

const peers = resolve(root, 'tools/bench');

const installPeers = async () => {
  if (existsSync(resolve(peers, 'node_modules/.package-lock.json'))) return;
  process.stderr.write('Installing what is compared with\n');
  const code = await run('npm', ['ci', '--loglevel=error', '--prefix', peers], { doing: 'installing' });
  if (code !== 0) throw new Error(`npm ci ended with ${code}`);
};

const read = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      rounds: { type: 'string', default: '5' },
      full: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });

try {
  const { values: options, positionals: wanted } = read();
  requireNode();
  await install();
  if (!options.help) await installPeers();
  await build();
  const { benchmarks, help, runAll } = await import('./bench/run-all.mjs');
  if (options.help) {
    process.stdout.write(help);
  } else {
    const rounds = Number(options.rounds);
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1');
    const unknown = wanted.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
    if (unknown.length > 0) throw new Error(`There is no benchmark ${unknown.join(', ')}. Try npm run bench -- --help.`);
    const report = await runAll(wanted, { rounds, isFull: options.full });
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    if (report.benchmarks.some(({ failed }) => failed)) process.exitCode = 1;
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
process.exit();
