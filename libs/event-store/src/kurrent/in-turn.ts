/**
 * Does `work` for every item, `atOnce` at a time, and those of one stream one after the other: the outcome of a later one depends on the
 * earlier. After a failure nothing new begins; it is thrown once nothing is under way any more.
 */
export const inTurnByStream = async <Item extends { readonly stream: string }, Outcome>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Outcome>,
): Promise<readonly Outcome[]> => {
  const turns = new Map<string, number[]>();
  for (const [index, { stream }] of items.entries()) {
    const turn = turns.get(stream);
    if (turn) turn.push(index);
    else turns.set(stream, [index]);
  }
  const outcomes: Outcome[] = [];
  const failures: unknown[] = [];
  const left = turns.values();
  const worker = async (): Promise<void> => {
    for (const turn of left) {
      for (const index of turn) {
        const item = items[index];
        if (!item || failures.length > 0) return;
        outcomes[index] = await work(item);
      }
    }
  };
  const workers = Array.from({ length: Math.min(atOnce, turns.size) }, () => worker().catch((error: unknown) => void failures.push(error)));
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
  return outcomes;
};
