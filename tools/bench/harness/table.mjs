const number = (value) => {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-GB').replaceAll(',', ' ');
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
};

const spread = (stats) => (stats ? `${number(stats.median)} [${number(stats.min)} .. ${number(stats.max)}]` : '–');

const verdicts = { true: 'reached', false: 'BELOW', null: '' };

const columns = [
  ['what', ({ what, unit }) => `${what}, ${unit}`],
  ['ours', ({ ours }) => spread(ours)],
  ['other side', ({ against, other }) => (other ? `${against}: ${spread(other)}` : '')],
  ['ratio', ({ ratio }) => (ratio ? spread(ratio) : '')],
  ['expected', ({ expected }) => expected ?? ''],
  ['', ({ reached }) => verdicts[String(reached)]],
];

/** Medians with [min .. max] over the rounds; the ratio is taken within each round, and more is better. */
export const table = (rows) => {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, of]) => of(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const lines = cells.map((line) => `  ${line.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd());
  return [lines[0], `  ${'─'.repeat(lines[0].length)}`, ...lines.slice(1)].join('\n');
};
