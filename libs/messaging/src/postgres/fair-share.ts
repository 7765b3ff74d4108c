import type { OtherMember } from './group.js';

/**
 * How many of a topic's partitions a member should hold. Every member reckons from the same list, and the shares of all add up to all
 * partitions. A stalled member counts only while nobody else is there.
 */
export const fairShare = (partitions: number, topic: string, me: OtherMember, others: readonly OtherMember[]): number => {
  const members = [me, ...others].filter(({ topics }) => topics.includes(topic));
  const working = members.filter(({ stalled }) => !stalled);
  const sharing = (working.length > 0 ? working : members).map(({ member }) => member).sort();
  const rank = sharing.indexOf(me.member);
  if (rank < 0) return 0;
  return Math.floor(partitions / sharing.length) + (rank < partitions % sharing.length ? 1 : 0);
};
