import { setTimeout as pause } from 'node:timers/promises';
import { type BatchHandler, MessagingUnavailable, type SubscribeOptions, type Subscription } from '../messaging.js';
import type { ConnectionSettings } from './kafka.client.js';
import { Lane, laneKey } from './lane.js';
import { LaneRunner } from './lane-runner.js';
import { type Assignment, Membership, type MembershipListener } from './membership.js';
import type { Offsets } from './offsets.js';
import { told } from './trouble.js';

export interface MemberSettings {
  readonly connection: ConnectionSettings;
  /** How long a silent member keeps its partitions. */
  readonly leaseMillis: number;
  /** Partitions handled side by side. */
  readonly concurrency: number;
  /** Troubles that the member gets over by itself, for a log. */
  readonly onError: (error: unknown) => void;
}

const defaultBatchSize = 500;
const pauseMillis = 250;
/** After so many leases without any sign a membership is taken for dead. */
const deadLeases = 6;

/** A member of a consumer group, for as long as its owner wants, over as many memberships as that takes. */
export class Member implements Subscription, MembershipListener {
  private readonly runner: LaneRunner;
  private lanes = new Map<string, Lane>();
  /** Lost, and their handler shows no sign of life and has still not come back. */
  private readonly stuck = new Set<Lane>();
  private membership: Membership;
  private signAt = performance.now();
  private hasLapsed = false;
  private changing: Promise<void> | null = null;
  private stopping: Promise<void> | null = null;
  private readonly ticking: NodeJS.Timeout;

  constructor(
    private readonly options: SubscribeOptions,
    handler: BatchHandler,
    private readonly offsets: Offsets,
    private readonly settings: MemberSettings,
  ) {
    this.runner = new LaneRunner(handler, {
      concurrency: settings.concurrency,
      onError: settings.onError,
      commit: ({ topic, partition }, position) => this.membership.commit(topic, partition, position),
      onEnded: (lane) => this.ended(lane),
    });
    this.membership = this.join();
    this.ticking = setInterval(() => this.tick(performance.now()), settings.leaseMillis / 8);
  }

  async lag(): ReturnType<Subscription['lag']> {
    const ends = await this.offsets.ends(this.options.topics);
    // Also of lanes that an outage has cost: what it cannot read it is behind with.
    const placed = [...this.lanes.values()].filter(({ position }) => position !== null);
    return placed.map(({ topic, partition, key, position }) => ({
      topic,
      partition,
      behind: Math.max(0, (ends.get(key)?.high ?? 0) - (position ?? 0)),
    }));
  }

  isJoined(): boolean {
    const lanes = [...this.lanes.values()];
    const isPlaced = lanes.every(({ lost, position }) => !lost && position !== null);
    const isAlive = this.changing === null && !this.hasLapsed && performance.now() < this.membership.aliveUntil;
    return this.stopping === null && this.stuck.size === 0 && isAlive && isPlaced;
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  describe(): ReturnType<MembershipListener['describe']> {
    const held: Record<string, number[]> = {};
    const lanes = [...this.lanes.values()].filter(({ lost }) => !lost);
    for (const { topic, partition } of lanes.sort((a, b) => Number(b.busy) - Number(a.busy))) (held[topic] ??= []).push(partition);
    return { held, isStalled: this.stuck.size > 0 };
  }

  assigned(assignment: Assignment, isContinued: boolean): void {
    this.signAt = performance.now();
    const before = this.lanes;
    this.lanes = new Map();
    const fresh: Lane[] = [];
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const old = before.get(laneKey(topic, partition));
        const isKept = old !== undefined && isContinued && !old.lost && !this.hasLapsed && old.position !== null;
        const lane = isKept ? old : new Lane(topic, partition, this.options.batchSize ?? defaultBatchSize, this.signAt);
        this.lanes.set(lane.key, lane);
        if (isKept) {
          before.delete(lane.key);
          // kafkajs has forgotten how far it had fetched.
          this.membership.seek(topic, partition, lane.fetchFrom ?? 0);
        } else {
          fresh.push(lane);
          this.membership.pause(topic, partition);
        }
      }
    }
    for (const lane of before.values()) if (!lane.lost) lane.lose('the group has given the partition to another member');
    this.hasLapsed = false;
    if (fresh.length > 0) void this.place(fresh);
  }

  alive(): void {
    this.signAt = performance.now();
    // The group has kept its partitions for this member, but by its own clock it could not know.
    if (this.hasLapsed) this.assigned(this.membership.assignment, false);
  }

  fetched({ topic, partition, from, messages, to }: Parameters<MembershipListener['fetched']>[0]): boolean {
    const lane = this.lanes.get(laneKey(topic, partition));
    if (!lane || lane.lost || this.stopping !== null) {
      this.membership.pause(topic, partition);
      return false;
    }
    const isTaken = lane.take(from, messages, to);
    if (!isTaken && lane.fetchFrom !== null) this.membership.seek(topic, partition, lane.fetchFrom);
    if (lane.isFull) {
      lane.isPaused = true;
      this.membership.pause(topic, partition);
    }
    this.runner.dispatch(this.lanes.values());
    return isTaken;
  }

  over(error: unknown): void {
    this.settings.onError(told(error, this.membership.lastTrouble));
    this.change('the membership has ended', pauseMillis);
  }

  private join(): Membership {
    const { connection, leaseMillis } = this.settings;
    const { group, topics } = this.options;
    this.signAt = performance.now();
    const membership = new Membership({ connection, group, topics, leaseMillis }, this);
    membership.begin();
    return membership;
  }

  /** Finds out where the lanes begin, and lets them be fetched. Only now: what the earlier owner has committed is final. */
  private async place(lanes: readonly Lane[]): Promise<void> {
    const { group, from = 'earliest' } = this.options;
    const { membership } = this;
    const isOpen = (lane: Lane): boolean => !lane.lost && this.lanes.get(lane.key) === lane;
    while (this.stopping === null && lanes.some(isOpen)) {
      try {
        const starts = await this.offsets.starts(group, lanes.filter(isOpen), from);
        if (from === 'latest') await membership.anchor(starts.filter(({ lane, isNew }) => isNew && isOpen(lane)));
        for (const { lane, offset } of starts) {
          if (!isOpen(lane)) continue;
          lane.place(offset);
          membership.seek(lane.topic, lane.partition, offset);
          membership.resume(lane.topic, lane.partition);
        }
        return;
      } catch (error) {
        this.settings.onError(told(error));
        await pause(pauseMillis);
      }
    }
  }

  private ended(lane: Lane): void {
    if (this.stuck.delete(lane)) {
      if (this.stuck.size === 0) this.change('its handlers have come back');
    } else if (lane.isPaused && lane.isLow && !lane.lost) {
      lane.isPaused = false;
      this.membership.resume(lane.topic, lane.partition);
    }
  }

  private tick(now: number): void {
    const { leaseMillis, onError } = this.settings;
    const { aliveUntil, lastTrouble = 'no answer' } = this.membership;
    const live = [...this.lanes.values()].filter(({ lost }) => !lost);
    if (live.length > 0 && now >= aliveUntil) {
      this.hasLapsed = true;
      for (const lane of live) lane.lose('the session has run out');
      onError(new MessagingUnavailable(`group ${this.options.group} was not reached for ${leaseMillis} ms: ${lastTrouble}`));
    }
    // Also of a lane that is lost already: its partition may come back, and would wait for that handler.
    const silent = this.runner.atWork.filter((lane) => !this.stuck.has(lane) && lane.isSilent(now, leaseMillis));
    for (const lane of silent) {
      this.stuck.add(lane);
      if (!lane.lost) lane.lose('its handler showed no sign of life');
    }
    // A member leaves as a whole, and comes back as one that gets nothing as long as there are others.
    if (silent.length > 0) this.change('a handler of this member showed no sign of life');
    else if (now >= Math.max(aliveUntil, this.signAt) + deadLeases * leaseMillis) this.change('kafkajs shows no sign of life');
  }

  /** Leaves the group and joins it anew. */
  private change(reason: string, afterMillis = 0): void {
    for (const lane of this.lanes.values()) if (!lane.lost) lane.lose(reason);
    if (this.stopping !== null || this.changing !== null) return;
    const before = this.membership;
    this.changing = (async () => {
      await before.end();
      await pause(afterMillis);
      this.changing = null;
      if (this.stopping === null) this.membership = this.join();
    })();
  }

  private async end(): Promise<void> {
    const working = this.runner.atWork.filter(({ lost }) => !lost);
    for (const { abort } of working) abort.abort(new Error('the member is stopping'));
    await Promise.all(working.map(({ ended, gone }) => Promise.race([ended, gone])));
    clearInterval(this.ticking);
    await this.changing;
    for (const lane of this.lanes.values()) if (!lane.lost) lane.lose('the member has left');
    await this.membership.end();
  }
}
