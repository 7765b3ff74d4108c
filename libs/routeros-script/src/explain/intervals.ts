const units: Readonly<Record<string, string>> = { w: 'week', d: 'day', h: 'hour', m: 'minute', s: 'second' };

/** "every day", "every 5 minutes"; null for what does not come again. */
export function intervalOf(text: string | null): string | null {
  if (text === null || /^0+s?$|^00:00:00$/.test(text)) return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = /^(\d\d):(\d\d):(\d\d)$/.exec(text) ?? [];
  const parts = [
    [Number(hours), 'h'],
    [Number(minutes), 'm'],
    [Number(seconds), 's'],
  ] as const;
  const [, count, unit = ''] = /^(\d{1,5})([wdhms])$/.exec(text) ?? [];
  const single = count === undefined ? parts.filter(([number]) => number > 0) : [[Number(count), unit] as const];
  const [first] = single;
  if (!first || single.length > 1) return /^[\w:]{1,20}$/.test(text) ? `every ${text}` : 'again and again';
  const noun = units[first[1]] ?? '';
  return first[0] === 1 ? `every ${noun}` : `every ${first[0]} ${noun}s`;
}
