import { timestampOfMillis, type Timestamp } from '@scheduled-scripts/domain';
import { z } from 'zod';

const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
const earliest = Date.parse('0001-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * RFC 3339 with an offset and a real calendar date, as UTC; microseconds are kept, anything finer is cut. Null for anything else.
 * A leap second has no place in our form and is refused.
 */
export const parseTimestamp = (text: string): Timestamp | null => {
  const parts = rfc3339.exec(text);
  if (!parts) return null;
  const [, date = '', hours, minutes, seconds, fraction = '', sign, offsetHours, offsetMinutes] = parts;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  // Date.parse moves 30 February on to March: what comes back must be the date that went in.
  const midnight = Date.parse(`${date}T00:00:00.000Z`);
  if (Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(date.slice(8))) return null;
  // In UTC already: nothing moves.
  if (sign === undefined) return date < '0001' ? null : (`${date}T${hours}:${minutes}:${seconds}.${micros}Z` as Timestamp);
  const offset = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === '-' ? -1 : 1);
  const millis = midnight + ((Number(hours) * 60 + Number(minutes) - offset) * 60 + Number(seconds)) * 1_000;
  if (millis < earliest || millis > latest) return null;
  return `${timestampOfMillis(millis).slice(0, 20)}${micros}Z` as Timestamp;
};

export const timestampInput = () =>
  z
    .string()
    .meta({ format: 'date-time' })
    .transform((text, context): Timestamp => {
      const at = parseTimestamp(text);
      if (at) return at;
      context.addIssue({
        code: 'custom',
        message: 'must be an RFC 3339 timestamp with an offset, for example 2025-11-01T02:00:00Z',
        input: text,
      });
      return z.NEVER;
    });
