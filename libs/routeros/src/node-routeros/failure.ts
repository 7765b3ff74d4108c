import { types } from 'node:util';

export const toError = (thrown: unknown): Error => (types.isNativeError(thrown) ? thrown : new Error(String(thrown)));

/** A line for people. System errors by their name, which node-routeros replaces by a bare number. */
export function describe(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === null || error.message.includes(code)) return error.message || error.name;
  return error.message ? `${error.message} (${code})` : code;
}
