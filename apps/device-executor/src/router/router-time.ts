import { Unintelligible } from './unintelligible.js';

const secondsOf: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** RouterOS's `1w2d3h4m5s`. Throws `Unintelligible` on anything else: a wrong uptime would hide a reboot. */
export const parseUptime = (text: string): number => {
  if (!/^(?:\d+[wdhms])+$/.test(text)) throw new Unintelligible(`not an uptime: ${text.slice(0, 40)}`);
  let seconds = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)([wdhms])/g)) seconds += Number(count) * (secondsOf[unit] ?? 0);
  return seconds;
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

export interface RouterClock {
  /** As the router writes dates: `2026-11-24`, before 7.10 `nov/24/2026`. */
  readonly date: string;
  /** `02:00:05`. */
  readonly time: string;
}

/** The same clock a few seconds later, in the same way of writing. Throws `Unintelligible`. */
export const later = ({ date, time }: RouterClock, seconds: number): RouterClock => {
  const [, month = '', day = '', year = ''] = /^([a-z]{3})\/(\d{2})\/(\d{4})$/i.exec(date) ?? [];
  const isoDate = month === '' ? date : `${year}-${String(months.indexOf(month.toLowerCase()) + 1).padStart(2, '0')}-${day}`;
  const moved = new Date(Date.parse(`${isoDate}T${time}Z`) + seconds * 1_000);
  if (Number.isNaN(moved.getTime())) throw new Unintelligible(`not a clock: ${date.slice(0, 20)} ${time.slice(0, 20)}`);
  const iso = moved.toISOString();
  const [y = '', m = '', d = ''] = iso.slice(0, 10).split('-');
  return { date: month === '' ? iso.slice(0, 10) : `${months[Number(m) - 1]}/${d}/${y}`, time: iso.slice(11, 19) };
};
