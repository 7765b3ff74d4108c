/** Waits for progress: asks again and again until it holds, twenty seconds unless told. */
export const until = async (holds: () => boolean | Promise<boolean>, withinMillis = 20_000): Promise<void> => {
  const deadline = Date.now() + withinMillis;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMillis} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
