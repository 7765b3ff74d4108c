import kafkajs, { type PartitionAssigner } from 'kafkajs';
import { type GroupMember, shareOut } from './share-out.js';

/** What a member tells the leader of its group, who shares out the partitions. */
export interface SelfDescription {
  /** By which the group knew it when it was given what it holds. */
  readonly memberId: string;
  readonly held: Readonly<Record<string, readonly number[]>>;
  readonly isStalled: boolean;
}

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol;

const version = 1;

const memberOf = ({ memberId, memberMetadata }: { memberId: string; memberMetadata: Buffer }): GroupMember => {
  const { topics = [], userData } = MemberMetadata.decode(memberMetadata) ?? {};
  const self = JSON.parse(userData?.toString() || '{}') as Partial<SelfDescription>;
  // One that comes back under a new name was thrown out meanwhile: what it held may have another owner.
  const held = self.memberId === memberId ? (self.held ?? {}) : {};
  return { id: memberId, topics, held, isStalled: self.isStalled ?? false };
};

/** kafkajs itself knows only how to deal all partitions out anew. `describe` is called once for each attempt to join. */
export const sharingAssigner =
  (subscribed: readonly string[], describe: () => SelfDescription): PartitionAssigner =>
  ({ cluster }) => ({
    name: 'scheduled-scripts-sharing',
    version,
    protocol: () => ({
      name: 'scheduled-scripts-sharing',
      metadata: MemberMetadata.encode({ version, topics: [...subscribed], userData: Buffer.from(JSON.stringify(describe())) }),
    }),
    assign: async ({ members: raw }) => {
      const members = raw.map(memberOf);
      // During a roll-out a newer member may ask for a topic that this one has never heard of.
      await cluster.addMultipleTargetTopics([...new Set(members.flatMap(({ topics }) => topics))]);
      const partitionsOf = (topic: string): readonly number[] =>
        cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      return [...shareOut(members, partitionsOf)].map(([memberId, share]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version,
          assignment: Object.fromEntries([...share].map(([topic, partitions]) => [topic, [...partitions]])),
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
