import { append } from './append.bench.mjs';
import { commands } from './commands.bench.mjs';
import { launch } from './launch.bench.mjs';
import { list } from './list.bench.mjs';
import { memory } from './memory.bench.mjs';
import { relay } from './relay.bench.mjs';
import { project } from './project.bench.mjs';
import { load, machine, machineLine } from './harness/machine.mjs';
import { Scope } from './harness/scope.mjs';
import { table } from './harness/table.mjs';

export const benchmarks = [append, commands, launch, list, project, relay, memory];

export const help = `npm run bench [-- options] [name …]

${benchmarks.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join('\n')}

  --rounds N   rounds in which the sides take turns (5)
  --full       the sizes that take long
  --json FILE  all figures, those of every round too

Times of a machine that does other things as well say little: what counts are ratios of two sides that took turns.
`;

const write = (text) => process.stdout.write(`${text}\n`);

const runOne = async (benchmark, scope, options) => {
  const say = (step) => process.stderr.write(`  ${benchmark.name}: ${step}\n`);
  const before = load();
  const began = performance.now();
  const result = await benchmark.run({ scope, say, ...options });
  const seconds = Math.round((performance.now() - began) / 1_000);
  return { name: benchmark.name, summary: benchmark.summary, seconds, load: { before, after: load() }, ...result };
};

const print = ({ name, summary, seconds, load: { before, after }, rows, notes = [] }) => {
  write(`${name}: ${summary}\n\n${table(rows)}\n`);
  for (const note of notes) write(`  ${note}`);
  write(`  Load average before ${before.join(' ')}, after ${after.join(' ')}; took ${seconds} s.\n`);
};

/** Ends what runs, its processes and its data, when we are told to stop. Whatever it then still does ends with this process. */
const endOnSignal = (scopeNow) => {
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.once(signal, () => {
      process.stderr.write('Cleaning up\n');
      void scopeNow()
        .close()
        .finally(() => process.exit(code));
    });
  }
};

/** Runs them one after the other; one that fails does not keep the others from running. */
export const runAll = async (wanted, options) => {
  let scope = new Scope();
  endOnSignal(() => scope);
  const facts = machine();
  write(machineLine(facts));
  write(`Medians of ${options.rounds} rounds [min .. max]; ratios are taken within a round, more is better for us.\n`);
  const report = { at: new Date().toISOString(), machine: facts, rounds: options.rounds, benchmarks: [] };
  for (const benchmark of benchmarks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const missing = benchmark.unavailable?.() ?? null;
    if (missing !== null) {
      write(`${benchmark.name}: NOT RUN: ${missing}\n`);
      report.benchmarks.push({ name: benchmark.name, notRun: missing });
      continue;
    }
    scope = new Scope();
    try {
      const result = await runOne(benchmark, scope, options);
      print(result);
      report.benchmarks.push(result);
    } catch (error) {
      // Told to stop: the process ends once everything is cleaned up.
      if (scope.isClosed) await new Promise(() => undefined);
      process.stderr.write(`${benchmark.name} failed: ${error.stack}\n`);
      report.benchmarks.push({ name: benchmark.name, failed: error.message });
    } finally {
      await scope.close();
    }
  }
  return report;
};
