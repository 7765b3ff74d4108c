import type { RunningService } from '../service.js';

/** The value of the first series whose line begins like this: its name, and its labels as far as they are given. NaN where there is none. */
export const metric = async ({ healthUrl }: Pick<RunningService, 'healthUrl'>, line: string): Promise<number> => {
  const text = await (await fetch(`${healthUrl}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(line));
  return found === undefined ? Number.NaN : Number(found.slice(found.lastIndexOf(' ') + 1));
};
