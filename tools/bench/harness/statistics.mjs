const ascending = (values) => [...values].sort((a, b) => a - b);

/** Nearest rank; `share` of 0.99 is p99. */
export const percentile = (values, share) => {
  const sorted = ascending(values);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
};

export const summary = (values) => {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  const median = sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
};
