/** A line for people. System errors by their name; node-routeros has only a number for it and no text. */
export function describe(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === null || error.message.includes(code)) return error.message || error.name;
  return error.message ? `${error.message} (${code})` : code;
}
