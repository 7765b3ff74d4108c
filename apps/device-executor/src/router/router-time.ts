import { clockAt, clockMillis, type RouterClock } from '@scheduled-scripts/routeros';
import { Unintelligible } from './unintelligible.js';

const secondsOf: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** RouterOS's `1w2d3h4m5s`. Throws `Unintelligible` on anything else: a wrong uptime would hide a reboot. */
export const parseUptime = (text: string): number => {
  if (!/^(?:\d+[wdhms])+$/.test(text)) throw new Unintelligible(`not an uptime: ${text.slice(0, 40)}`);
  let seconds = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)([wdhms])/g)) seconds += Number(count) * (secondsOf[unit] ?? 0);
  return seconds;
};

/** The same clock a few seconds later, in the same way of writing. Throws `Unintelligible`. */
export const later = (clock: RouterClock, seconds: number): RouterClock => {
  const millis = clockMillis(clock);
  if (millis === null) throw new Unintelligible(`not a clock: ${clock.date.slice(0, 20)} ${clock.time.slice(0, 20)}`);
  return clockAt(millis + seconds * 1_000, clock);
};
