const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** What `/system/clock/print` says. */
export interface RouterClock {
  /** As the router writes dates: `2026-11-24`, before 7.10 `nov/24/2026`. */
  readonly date: string;
  /** `02:00:05`, local time. */
  readonly time: string;
}

const oldDate = /^([a-z]{3})\/(\d{2})\/(\d{4})$/i;

/** The clock as milliseconds since the epoch, as if its zone were UTC; null if it cannot be read. */
export const clockMillis = ({ date, time }: RouterClock): number | null => {
  const [, month = '', day = '', year = ''] = oldDate.exec(date) ?? [];
  const isoDate = month === '' ? date : `${year}-${String(months.indexOf(month.toLowerCase()) + 1).padStart(2, '0')}-${day}`;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(`${isoDate}T${time}`)) return null;
  const millis = Date.parse(`${isoDate}T${time}Z`);
  return Number.isNaN(millis) ? null : millis;
};

/** The other way round, in the way of writing of `like`. */
export const clockAt = (millis: number, like: RouterClock): RouterClock => {
  const iso = new Date(millis).toISOString();
  const [year = '', month = '', day = ''] = iso.slice(0, 10).split('-');
  return { date: oldDate.test(like.date) ? `${months[Number(month) - 1]}/${day}/${year}` : iso.slice(0, 10), time: iso.slice(11, 19) };
};

/** `gmt-offset`, e.g. `+02:00`, as milliseconds ahead of UTC; null if it cannot be read. */
export const gmtOffsetMillis = (text: string): number | null => {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(text) ?? [];
  if (sign === undefined) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600_000 + Number(minutes) * 60_000);
};
