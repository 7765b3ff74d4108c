import { MessagingUnavailable } from '../messaging.js';
import type { KafkaAdmin } from './kafka.admin.js';
import { type Lane, laneKey } from './lane.js';

export interface LaneStart {
  readonly lane: Lane;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The group has no commit there yet. */
  readonly isNew: boolean;
}

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Where logs begin and end, and how far groups are. */
export class Offsets {
  constructor(
    private readonly admin: KafkaAdmin,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** By lane key. `high` is the offset of the next message. */
  async ends(topics: readonly string[]): Promise<ReadonlyMap<string, Ends>> {
    const ends = new Map<string, Ends>();
    for (const topic of topics) {
      for (const { partition, low, high } of await this.admin.ask((admin) => admin.fetchTopicOffsets(topic))) {
        ends.set(laneKey(topic, partition), { low: Number(low), high: Number(high) });
      }
    }
    return ends;
  }

  async starts(group: string, lanes: readonly Lane[], from: 'earliest' | 'latest'): Promise<readonly LaneStart[]> {
    const topics = [...new Set(lanes.map(({ topic }) => topic))];
    const ends = await this.ends(topics);
    const committed = await this.committed(group, topics);
    return lanes.map((lane) => {
      const { topic, partition, key } = lane;
      const end = ends.get(key);
      if (!end) throw new MessagingUnavailable(`the cluster does not know ${key}`);
      const { low, high } = end;
      const offset = committed.get(key);
      if (offset === undefined) return { lane, topic, partition, isNew: true, offset: from === 'latest' ? high : low };
      if (offset >= low && offset <= high) return { lane, topic, partition, isNew: false, offset };
      this.onError(new Error(`${key} has the offsets ${low} to ${high}, ${group} is at ${offset}: it reads all that is there`));
      return { lane, topic, partition, isNew: false, offset: low };
    });
  }

  private async committed(group: string, topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = await this.admin.ask((admin) => admin.fetchOffsets({ groupId: group, topics: [...topics] }));
    const all = found.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [laneKey(topic, partition), Number(offset)] as const),
    );
    // -1: none.
    return new Map(all.filter(([, offset]) => offset >= 0));
  }
}
