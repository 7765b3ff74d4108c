import type { z } from 'zod';

type Frozen<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Field in keyof T]: Frozen<T[Field]> }
      : T;

/** What a resource's schema promises, as its readers have it: nothing of it is theirs to change. */
export type Answered<Schema extends z.ZodType> = Frozen<z.output<Schema>>;
