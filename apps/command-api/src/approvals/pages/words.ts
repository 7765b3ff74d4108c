import { tMinus } from '@scheduled-scripts/contracts';
import type { ScheduledScript, Timestamp } from '@scheduled-scripts/domain';

const day = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

const dayAnd = (at: Timestamp, time: string): string => `${day.format(new Date(at))}, ${time} UTC`;

/** `Thu, 30 Oct 2025, 10:00 UTC`; seconds and what is finer where there are any, so that nothing of an agreed time is hidden. */
export const instantInWords = (at: Timestamp): string => {
  const [seconds = '', fraction = ''] = at.slice(11, 26).split('.');
  const finer = fraction.replace(/0+$/, '');
  return dayAnd(at, finer === '' ? seconds.replace(/:00$/, '') : `${seconds}.${finer}`);
};

/** The minute in which something happened. */
export const minuteInWords = (at: Timestamp): string => dayAnd(at, at.slice(11, 16));

const grouped = new Intl.NumberFormat('en-GB');

export const countInWords = (count: number, thing: string): string => `${grouped.format(count)} ${thing}${count === 1 ? '' : 's'}`;

export const sitesInWords = ({ sites }: Pick<ScheduledScript, 'sites'>): string => countInWords(sites.length, 'site');

export const launchInWords = ({ launchAt }: Pick<ScheduledScript, 'launchAt'>, now: number): string =>
  `${instantInWords(launchAt)}, ${tMinus(launchAt, now)}`;

/** `2 hours`: the largest unit that the duration is a whole number of. */
export const durationInWords = (millis: number): string => {
  const seconds = Math.round(millis / 1_000);
  if (seconds % 3_600 === 0) return countInWords(seconds / 3_600, 'hour');
  return seconds % 60 === 0 ? countInWords(seconds / 60, 'minute') : countInWords(seconds, 'second');
};
