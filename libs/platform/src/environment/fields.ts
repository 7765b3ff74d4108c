import { z } from 'zod';
import { isSecret } from './secret.js';

/** `true` or `1`, `false` or `0`; false unless set. */
export const flag = () => z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'], case: 'sensitive' }).default(false);

/** Both bounds are allowed values. */
export const wholeNumber = ({ min, max }: { readonly min: number; readonly max?: number }) => {
  const atLeast = z.coerce.number().int().min(min);
  return max === undefined ? atLeast : atLeast.max(max);
};

export interface Field {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** As one would write it in the environment. */
  readonly default: string | undefined;
}

/** What a schema says about each variable, read through `.optional()`, `.default()` and transforms. */
export function fieldsOf(schema: z.ZodObject): readonly Field[] {
  return Object.entries(schema.shape).map(([name, field]) => describe(name, field));
}

function describe(name: string, field: z.core.$ZodType): Field {
  let description: string | undefined;
  let fallback: string | undefined;
  let required = true;
  let secret = false;
  for (let layer: z.core.$ZodType | undefined = field; layer !== undefined; layer = below(layer)) {
    description ??= z.globalRegistry.get(layer)?.description;
    secret ||= isSecret(layer);
    if (layer instanceof z.ZodOptional) required = false;
    if (layer instanceof z.ZodDefault || layer instanceof z.ZodPrefault) {
      required = false;
      fallback ??= String(layer.def.defaultValue);
    }
  }
  return { name, description: description ?? '', required, secret, default: secret ? undefined : fallback };
}

function below(layer: z.core.$ZodType): z.core.$ZodType | undefined {
  if (layer instanceof z.ZodOptional || layer instanceof z.ZodDefault || layer instanceof z.ZodPrefault) return layer.def.innerType;
  if (layer instanceof z.ZodPipe) return layer.def.in;
  return undefined;
}
