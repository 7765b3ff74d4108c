import { z } from 'zod';

// With the u flag a surrogate matches only where its other half is missing.
const loneSurrogate = /[\ud800-\udfff]/u;

/** Text that UTF-8 and Postgres can hold as it is. */
export const text = () =>
  z
    .string()
    .refine((value) => !value.includes('\0'), { error: 'must not contain NUL', abort: true })
    .refine((value) => !loneSurrogate.test(value), { error: 'must not contain a lone surrogate', abort: true });

const charactersOf = (value: string): number => {
  let count = 0;
  for (const _ of value) count += 1;
  return count;
};

/** Text of so many characters: code points, so that an emoji is one and not two. */
export const characters = (least: number, most: number) =>
  text()
    // A character takes one unit or two: most texts need not be counted.
    .refine((value) => value.length <= most || (value.length <= 2 * most && charactersOf(value) <= most), {
      error: `must have at most ${most} characters`,
      abort: true,
    })
    .refine((value) => value.length >= 2 * least || charactersOf(value) >= least, {
      error: `must have at least ${least} character${least === 1 ? '' : 's'}`,
      abort: true,
    })
    .meta({ minLength: least, maxLength: most });

/**
 * No control characters, no separators of lines, and nothing that turns the direction of a text: a name that breaks a line, or reads as
 * another one, misleads whoever meets it in a list, a mail or a log.
 */
const lineForm = new RegExp(String.raw`^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$`);

/** One line that people read, of so many characters. */
export const line = (least: number, most: number) =>
  characters(least, most).regex(lineForm, {
    error: 'must be one line, without control characters and without any that turn the direction of text',
  });

/** Text of so many bytes of UTF-8. */
export const bytes = (least: number, most: number) =>
  text().refine(
    (value) => {
      const size = Buffer.byteLength(value);
      return size >= least && size <= most;
    },
    { error: `must have ${least} to ${most} bytes in UTF-8`, abort: true },
  );

/** A list in which nothing stands twice. The first repetition is named. */
export const unique = <Item extends z.ZodType<string>>(item: Item, least: number, most: number) =>
  z
    .array(item)
    .min(least, { error: `must have at least ${least} entr${least === 1 ? 'y' : 'ies'}` })
    .max(most, { error: `must have at most ${most} entries` })
    .superRefine((items, context) => {
      const seen = new Set<string>();
      for (const [index, value] of items.entries()) {
        if (seen.has(value)) {
          context.addIssue({ code: 'custom', path: [index], message: 'must not be repeated' });
          return;
        }
        seen.add(value);
      }
    });
