export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Equal, whatever the order of names. */
export const sameJson = (one: Json | undefined, other: Json | undefined): boolean => {
  if (isList(one)) return isList(other) && one.length === other.length && one.every((value, index) => sameJson(value, other[index]));
  if (!isObject(one)) return one === other;
  if (!isObject(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => sameJson(one[name], other[name]));
};
