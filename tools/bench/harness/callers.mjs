/** Runs `call` by so many callers at once, each after its own last one, for a time. Answers how many calls a second were answered. */
export const callers = async (count, seconds, call) => {
  const began = performance.now();
  const end = began + seconds * 1_000;
  let calls = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await call();
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: count }, caller));
  return calls / ((performance.now() - began) / 1_000);
};
