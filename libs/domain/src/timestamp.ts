declare const timestamp: unique symbol;

/**
 * An instant in UTC with exactly six fraction digits, `2025-10-30T10:00:00.000000Z`.
 * The form is fixed, so that comparing two as text compares them in time.
 */
export type Timestamp = string & { readonly [timestamp]: true };

const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

/** Takes text that is already in the fixed form, as our own events and rows hold it. */
export const asTimestamp = (text: string): Timestamp => {
  if (!form.test(text)) throw new RangeError(`not a timestamp with six fraction digits in UTC: ${text.slice(0, 40)}`);
  return text as Timestamp;
};

/** From whole milliseconds since the epoch, as `Date.now()` gives them. */
export const timestampOfMillis = (millis: number): Timestamp => `${new Date(millis).toISOString().slice(0, -1)}000Z` as Timestamp;

/** Milliseconds since the epoch, microseconds cut off. */
export const millisOf = (at: Timestamp): number => Date.parse(`${at.slice(0, 23)}Z`);

/** The first whole millisecond that is not before `at`: the earliest instant at which a clock of milliseconds may act on it. */
export const firstMillisNotBefore = (at: Timestamp): number => millisOf(at) + (at.slice(23, 26) === '000' ? 0 : 1);

export const laterOf = (one: Timestamp, other: Timestamp): Timestamp => (one < other ? other : one);

export const addMillis = (at: Timestamp, millis: number): Timestamp => {
  const moved = timestampOfMillis(millisOf(at) + millis);
  return `${moved.slice(0, 23)}${at.slice(23)}` as Timestamp;
};
