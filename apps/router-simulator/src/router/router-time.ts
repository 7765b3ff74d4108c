const unitSeconds = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** `1w2d3h4m5s`: how menus show uptime and intervals. */
export const formatDuration = (milliseconds: number): string => {
  let rest = Math.floor(milliseconds / 1000);
  let text = '';
  for (const [unit, seconds] of Object.entries(unitSeconds)) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) text += `${count}${unit}`;
  }
  const fraction = milliseconds % 1000;
  if (fraction > 0) text += `${fraction}ms`;
  return text === '' ? '0s' : text;
};

/** `1w2d03:04:05.600`: how the script language shows a time. */
export const formatClockDuration = (milliseconds: number): string => {
  const sign = milliseconds < 0 ? '-' : '';
  let rest = Math.abs(milliseconds);
  const take = (unit: number): number => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count;
  };
  const weeks = take(604_800_000);
  const days = take(86_400_000);
  const clock = [take(3_600_000), take(60_000), take(1000)].map((part) => String(part).padStart(2, '0')).join(':');
  const fraction = rest > 0 ? `.${String(Math.floor(rest)).padStart(3, '0')}` : '';
  return `${sign}${weeks > 0 ? `${weeks}w` : ''}${days > 0 ? `${days}d` : ''}${clock}${fraction}`;
};

const unitsPattern = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const clockPattern = /^(?:(\d+)w)?(?:(\d+)d)?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.(\d{1,3}))?$/;

/** Milliseconds, or null where the text is no time. Bare digits are seconds only where `bareSeconds` says so. */
export const parseDuration = (text: string, bareSeconds = false): number | null => {
  if (text === '') return null;
  if (/^\d+(\.\d+)?$/.test(text)) return bareSeconds ? Number(text) * 1000 : null;
  const units = unitsPattern.exec(text);
  if (units) {
    const [w, d, h, m, s, ms] = units.slice(1).map((part) => Number(part ?? 0));
    return ((((w ?? 0) * 7 + (d ?? 0)) * 24 + (h ?? 0)) * 60 + (m ?? 0)) * 60_000 + (s ?? 0) * 1000 + (ms ?? 0);
  }
  const clock = clockPattern.exec(text);
  if (!clock) return null;
  const [w, d, h, m, s] = clock.slice(1, 6).map((part) => Number(part ?? 0));
  const fraction = Number((clock[6] ?? '0').padEnd(3, '0'));
  return ((((w ?? 0) * 7 + (d ?? 0)) * 24 + (h ?? 0)) * 60 + (m ?? 0)) * 60_000 + (s ?? 0) * 1000 + fraction;
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Routers here live in UTC. */
export const formatDate = (epochMillis: number, iso: boolean): string => {
  const text = new Date(epochMillis).toISOString().slice(0, 10);
  if (iso) return text;
  const [year, month, day] = text.split('-');
  return `${months[Number(month) - 1]}/${day}/${year}`;
};

export const formatTimeOfDay = (epochMillis: number): string => new Date(epochMillis).toISOString().slice(11, 19);

export const formatDateTime = (epochMillis: number, iso: boolean): string =>
  `${formatDate(epochMillis, iso)} ${formatTimeOfDay(epochMillis)}`;

/** Midnight of a date in either spelling, or null. */
export const parseDate = (text: string): number | null => {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const old = /^([a-z]{3})\/(\d{2})\/(\d{4})$/i.exec(text);
  const [year, month, day] = iso
    ? [Number(iso[1]), Number(iso[2]), Number(iso[3])]
    : old
      ? [Number(old[3]), months.indexOf((old[1] ?? '').toLowerCase()) + 1, Number(old[2])]
      : [0, 0, 0];
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  return Date.UTC(year, month - 1, day);
};
