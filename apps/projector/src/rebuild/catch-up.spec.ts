import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topicSpecifications } from '@scheduled-scripts/contracts';
import type { MessageBatch, Subscription } from '@scheduled-scripts/messaging';
import { until } from '@scheduled-scripts/postgres/testing';
import { CatchUp } from './catch-up.js';

const [first] = topicSpecifications;
const context = { signal: new AbortController().signal, heartbeat: () => Promise.resolve() };

/** A member of which all partitions are up to date but the first. */
class FakeMember implements Subscription {
  looks = 0;

  constructor(
    public behind: number,
    private readonly held = Infinity,
  ) {}

  lag() {
    this.looks += 1;
    const all = topicSpecifications.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition, behind: 0 })),
    );
    return Promise.resolve(all.map((one, index) => (index === 0 ? { ...one, behind: this.behind } : one)).slice(0, this.held));
  }

  isJoined = () => true;
  stop = () => Promise.resolve();

  async lookedAt(times: number): Promise<void> {
    const before = this.looks;
    await until(() => this.looks >= before + times);
  }
}

const batch = (...offsets: readonly number[]): MessageBatch => ({
  topic: first?.name ?? '',
  partition: 0,
  messages: offsets.map((offset) => ({
    id: `m${offset}`,
    topic: first?.name ?? '',
    key: 'k',
    headers: {},
    value: '{}',
    partition: 0,
    offset: String(offset),
  })),
});

describe('catching up', () => {
  let ended: AbortController;
  beforeEach(() => {
    ended = new AbortController();
  });
  afterEach(() => ended.abort());

  const begin = (catchUp: CatchUp, member: FakeMember) => {
    const seen = { done: false };
    catchUp.reach(member, ended.signal).then(
      () => (seen.done = true),
      () => undefined,
    );
    return seen;
  };

  it('is done once as much was handled as was behind at first, though more keeps coming', async () => {
    const catchUp = new CatchUp();
    const handle = catchUp.count(() => Promise.resolve());
    const member = new FakeMember(3);
    const reaching = begin(catchUp, member);
    await member.lookedAt(2);
    await handle(batch(0, 1), context);
    // Its commit failed: the same messages come again, and count once.
    await handle(batch(0, 1), context);
    member.behind = 50;
    await member.lookedAt(2);
    expect(reaching.done).toBe(false);
    await handle(batch(2), context);
    await until(() => reaching.done);
  });

  it('is done when nothing is left, whatever was counted', async () => {
    const member = new FakeMember(5);
    const reaching = begin(new CatchUp(), member);
    await member.lookedAt(2);
    member.behind = 0;
    await until(() => reaching.done);
  });

  it('trusts no member that does not hold every partition yet', async () => {
    const member = new FakeMember(0, 4);
    const reaching = begin(new CatchUp(), member);
    await member.lookedAt(2);
    expect(reaching.done).toBe(false);
  });

  it('counts nothing of a batch that failed, and ends with its signal', async () => {
    const catchUp = new CatchUp();
    const failing = catchUp.count(() => Promise.reject(new Error('rolled back')));
    await expect(failing(batch(0, 1, 2), context)).rejects.toThrow('rolled back');
    const member = new FakeMember(1);
    const reaching = catchUp.reach(member, ended.signal);
    await member.lookedAt(2);
    ended.abort();
    await expect(reaching).rejects.toMatchObject({ name: 'AbortError' });
  });
});
