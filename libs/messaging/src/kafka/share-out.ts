export interface GroupMember {
  readonly id: string;
  readonly topics: readonly string[];
  /** What it holds, by topic; those it is at work on first. */
  readonly held: Readonly<Record<string, readonly number[]>>;
  /** It has a handler that shows no sign of life, and gets something only when all others are like it. */
  readonly isStalled: boolean;
}

/** Partitions by topic, by member. */
export type Shares = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/**
 * Each topic's partitions, as evenly as can be among those who asked for it, and with as few as possible changing hands: what a member
 * holds it keeps, up to its share, and what it is at work on before the rest.
 */
export const shareOut = (members: readonly GroupMember[], partitionsOf: (topic: string) => readonly number[]): Shares => {
  const working = members.filter(({ isStalled }) => !isStalled);
  const sharing = working.length > 0 ? working : members;
  const shares = new Map(members.map(({ id }) => [id, new Map<string, readonly number[]>()]));
  const totals = new Map(members.map(({ id }) => [id, 0]));
  for (const topic of new Set(members.flatMap(({ topics }) => topics))) {
    const interested = sharing.filter(({ topics }) => topics.includes(topic));
    for (const [id, share] of shareTopic(topic, partitionsOf(topic), interested, totals)) {
      shares.get(id)?.set(topic, share);
      totals.set(id, (totals.get(id) ?? 0) + share.length);
    }
  }
  return shares;
};

const shareTopic = (
  topic: string,
  partitions: readonly number[],
  members: readonly GroupMember[],
  totals: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly number[]> => {
  const free = new Set(partitions);
  const kept = new Map<string, number[]>();
  for (const { id, held } of members) {
    const own = (held[topic] ?? []).filter((partition) => free.delete(partition));
    kept.set(id, own);
  }
  const ownOf = ({ id }: GroupMember): number[] => kept.get(id) ?? [];
  // What does not divide goes to those who hold the most, then to those who have the least of the other topics.
  const order = [...members].sort(
    (a, b) =>
      ownOf(b).length - ownOf(a).length || (totals.get(a.id) ?? 0) - (totals.get(b.id) ?? 0) || (a.id < b.id ? -1 : Number(a.id > b.id)),
  );
  const sizes = order.map((_, rank) => Math.floor(partitions.length / order.length) + Number(rank < partitions.length % order.length));
  for (const [rank, member] of order.entries()) for (const over of ownOf(member).splice(sizes[rank] ?? 0)) free.add(over);
  const rest = [...free].sort((a, b) => a - b);
  for (const [rank, member] of order.entries()) ownOf(member).push(...rest.splice(0, (sizes[rank] ?? 0) - ownOf(member).length));
  return kept;
};
