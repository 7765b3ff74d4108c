import { summary } from './statistics.mjs';

/**
 * Measures the sides in turn, so that whatever else the machine does meets both. The order turns round with every round: nobody is
 * always first after a pause. Each side answers an object of numbers; they come back as one array a number.
 */
export const alternate = async (sides, { rounds, warmUp = true, onProgress = () => undefined }) => {
  const names = Object.keys(sides);
  const measured = Object.fromEntries(names.map((name) => [name, {}]));
  if (warmUp) {
    for (const name of names) {
      onProgress(`warming up: ${name}`);
      await sides[name]({ isWarmUp: true });
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      onProgress(`round ${round + 1} of ${rounds}: ${name}`);
      for (const [figure, value] of Object.entries(await sides[name]({ isWarmUp: false }))) (measured[name][figure] ??= []).push(value);
    }
  }
  return measured;
};

/** How often the one is in the other, round by round. */
const ratiosOf = (one, other) => one.map((value, round) => value / other[round]);

/**
 * A line of the table: ours beside another side, of the same rounds. `better: 'less'` turns the ratio round, so that more is always
 * better for us; `'neither'` makes no ratio. `atLeast` is held against the median of the ratios, `atMost` against that of our own figure,
 * `floor` against the smallest of ours.
 */
export const compared = ({ what, unit, ours, other, against, better = 'more', atLeast, atMost, floor, expected }) => {
  const own = summary(ours);
  const ratio = other && better !== 'neither' ? summary(better === 'more' ? ratiosOf(ours, other) : ratiosOf(other, ours)) : null;
  const judged = [
    [atLeast, () => ratio.median >= atLeast],
    [atMost, () => own.median <= atMost],
    [floor, () => own.min >= floor],
  ].find(([limit]) => limit !== undefined);
  const reached = judged ? judged[1]() : null;
  return {
    what,
    unit,
    against: against ?? null,
    ours: own,
    other: other ? summary(other) : null,
    ratio,
    expected: expected ?? (atLeast === undefined ? null : `≥ ${atLeast}×`),
    reached,
    samples: { ours, other: other ?? null },
  };
};
