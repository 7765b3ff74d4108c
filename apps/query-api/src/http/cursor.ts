import { problem } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { z } from 'zod';

type Place = readonly (string | number)[];

/** Where a page ended, as text that clients give back and need not understand. */
export const encodeCursor = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

const decoded = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
};

/** Undefined without a cursor. One that we never gave is refused. */
export const decodeCursor = <Output>(schema: z.ZodType<Output>, cursor: string | undefined): Output | undefined => {
  if (cursor === undefined) return undefined;
  const place = schema.safeParse(decoded(cursor));
  if (place.success) return place.data;
  throw new ApiError(problem('parameter_invalid', { param: 'cursor', message: 'cursor: must be taken from the Link header of this list' }));
};
