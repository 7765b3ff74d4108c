import { millisOf, type Timestamp } from '@scheduled-scripts/domain';

const second = 1_000;
const day = 86_400 * second;

const units = [
  ['year', 365 * day],
  ['month', 30 * day],
  ['week', 7 * day],
  ['day', day],
  ['hour', 3_600 * second],
  ['minute', 60 * second],
  ['second', second],
] as const;

const amount = `\\d+ (${units.map(([unit]) => unit).join('|')})s?`;

/** What `tMinus` makes. */
export const tMinusForm = new RegExp(`^(now|in ${amount}|${amount} ago)$`);

const exactMillisOf = (at: Timestamp): number => millisOf(at) + Number(at.slice(23, 26)) / 1_000;

/** How far `launchAt` is from `now` (milliseconds since the epoch) in words: the largest whole unit, rounded down. */
export const tMinus = (launchAt: Timestamp, now: number): string => {
  const ahead = exactMillisOf(launchAt) - now;
  const distance = Math.abs(ahead);
  for (const [unit, length] of units) {
    const count = Math.floor(distance / length);
    if (count === 0) continue;
    const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
    return ahead > 0 ? `in ${words}` : `${words} ago`;
  }
  return 'now';
};
