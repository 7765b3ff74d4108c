import type { Fields } from './config-store.js';
import { parseDate, parseDuration } from './router-time.js';

/** How long after boot `start-time=startup` fires. */
const startupMillis = 3_000;

/** When an entry of the scheduler fires next, strictly after `after`; null if never again. All in the router's clock. */
export const nextRun = (fields: Fields, after: number, bootedAt: number): number | null => {
  const interval = parseDuration(fields['interval'] ?? '0s', true) ?? 0;
  const start = firstRun(fields, bootedAt);
  if (start === null || start > after) return start;
  if (interval === 0) return null;
  return start + (Math.floor((after - start) / interval) + 1) * interval;
};

const firstRun = (fields: Fields, bootedAt: number): number | null => {
  if (fields['start-time'] === 'startup') return bootedAt + startupMillis;
  const date = parseDate(fields['start-date'] ?? '');
  const time = parseDuration(fields['start-time'] ?? '', true);
  return date === null || time === null ? null : date + time;
};
