/** The wall clock with fractions of a millisecond. */
export const now = () => performance.timeOrigin + performance.now();
