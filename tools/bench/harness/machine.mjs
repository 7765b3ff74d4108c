import { cpus, loadavg, release, totalmem, type } from 'node:os';

export const load = () => loadavg().map((value) => Number(value.toFixed(2)));

/** What the figures of another machine cannot be compared without. */
export const machine = () => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
  system: `${type()} ${release()}`,
  node: process.version,
});

export const machineLine = ({ processor, cores, memoryGiB, system, node }) =>
  `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`;
