import type { ProcessState } from './service-process.js';

/** One line a process, for a terminal. */
export const processTable = (states: readonly ProcessState[]): readonly string[] => {
  const rows = [
    ['process', 'pid', 'state', 'lag', 'restarts'],
    ...states.map(({ name, pid, state, lag, restarts }) => [name, String(pid ?? '-'), state, String(lag ?? '-'), String(restarts)]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};
