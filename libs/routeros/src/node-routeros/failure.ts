import { types } from 'node:util';

export const toError = (thrown: unknown): Error => (types.isNativeError(thrown) ? thrown : new Error(String(thrown)));

/** A line for people. System errors by their name, which node-routeros replaces by a bare number; OpenSSL's without its dump. */
export function explain(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const text = 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
  if (code === null || text.includes(code)) return text || error.name;
  return text ? `${text} (${code})` : code;
}
