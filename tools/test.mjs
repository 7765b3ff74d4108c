// npm test: type check, lint and walls, format, then every suite. `--chaos` runs the long form of the kill tests alone,
// `--fuzz` that of the fuzzer: `FUZZ_REQUESTS`, `FUZZ_SEED` and `FUZZ_PATH` say how long it is and what to send again.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, requireNode, run } from './prepare.mjs';

const longForms = {
  '--chaos': { pattern: 'chaos', env: { CHAOS_ROUNDS: '20' } },
  '--fuzz': { pattern: 'fuzz', env: { FUZZ_REQUESTS: '20000' } },
};
const long = longForms[process.argv[2]];
const totals = { passed: 0, failed: 0, skipped: 0 };

const check = async (what, work) => {
  const began = Date.now();
  const ok = await work().then(
    (code) => code === undefined || code === 0,
    (error) => {
      process.stderr.write(`${error.message}\n`);
      return false;
    },
  );
  totals[ok ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${what} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
  return ok;
};

const suites = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scheduled-scripts-report-'));
  const report = join(folder, 'report.json');
  const jest = ['--no-warnings', '--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`];
  const only = long ? ['--selectProjects', 'dev-stack', '--testPathPatterns', long.pattern] : [];
  const env = { ...long?.env, ...process.env };
  // With --json the report goes to standard output too: that copy is not wanted.
  const code = await run(process.execPath, [...jest, ...only], { env, stdout: 'ignore' });
  try {
    const found = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += found.numPassedTests;
    totals.failed += found.numFailedTests + found.numRuntimeErrorTestSuites;
    totals.skipped += found.numPendingTests + found.numTodoTests;
    if (code !== 0 && found.numFailedTests + found.numRuntimeErrorTestSuites === 0) totals.failed += 1;
  } catch {
    process.stderr.write('jest left no report\n');
    totals.failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

requireNode();
await install();
const compiled = await check('type check', build);
if (!long) {
  await check('lint and walls', () => run('node_modules/.bin/oxlint', ['--type-aware']));
  await check('format', () => run('node_modules/.bin/prettier', ['--check', '--log-level', 'warn', '.']));
}
if (compiled) await suites();
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exit(totals.failed === 0 ? 0 : 1);
