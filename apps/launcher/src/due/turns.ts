/** Lets at most `count` works run at a time, in the order in which they came. */
export const turns = (count: number) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < count) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // Whoever is next takes this place over, so that nobody slips in between.
      if (next) next();
      else running -= 1;
    }
  };
};
