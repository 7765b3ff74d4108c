import * as fc from 'fast-check';
import type { Queryable } from '@scheduled-scripts/postgres';
import { settledDigest, type DatabaseDigest } from '../database-digest.js';
import { severalAtATime } from '../several-at-a-time.js';
import { conversationsWith, type Conversation } from './conversation.arbitraries.js';
import { converse } from './converse.js';
import { reproduction } from './reproduction.js';
import { SceneMaker, type Scene } from './scene.js';
import type { FuzzedStack } from './fuzz-stack.js';

export interface FuzzerOptions {
  readonly stack: FuzzedStack;
  readonly database: Queryable;
  readonly seed: number;
  /** Requests at least. */
  readonly requests: number;
  /** Of the one conversation that is to be held, `<place>` or `<place>:<how it is shrunk>`. */
  readonly path?: string | undefined;
  /** Hears how it goes. */
  readonly say?: (words: string) => void;
}

export interface Report {
  readonly requests: number;
  readonly conversations: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** How many conversations were shown to have changed nothing. */
  readonly unchanged: number;
  readonly findings: readonly string[];
}

const atOnce = 24;
const perRound = 300;
/** A defect usually shows itself often. */
const enoughFindings = 5;

/** Each round has the seed after that of the round before. */
interface Placed {
  readonly seed: number;
  readonly place: number;
  readonly conversation: Conversation;
}

export class Fuzzer {
  private readonly conversations: fc.Arbitrary<Conversation>;
  private readonly makeScene: SceneMaker;
  private readonly statuses: Record<string, number> = {};
  private readonly findings = new Map<string, string>();
  private requests = 0;
  private unchanged = 0;

  constructor(private readonly options: FuzzerOptions) {
    this.conversations = conversationsWith(options.stack.routes);
    this.makeScene = new SceneMaker(options.stack);
  }

  async run(): Promise<Report> {
    const { seed, requests, path } = this.options;
    await this.makeScene.prepare();
    let conversations = 0;
    if (path !== undefined) await this.shrink(await this.makeScene.next(), seed, path);
    else
      for (let round = seed; this.requests < requests && this.findings.size < enoughFindings; round += 1) {
        const sampled = fc.sample(this.conversations, { seed: round, numRuns: perRound });
        await this.round(sampled.map((conversation, place) => ({ seed: round, place, conversation })));
        conversations += sampled.length;
      }
    const { statuses, unchanged, findings } = this;
    return { requests: this.requests, conversations, statuses, unchanged, findings: [...findings.values()] };
  }

  private async round(placed: readonly Placed[]): Promise<void> {
    const scene = await this.makeScene.next();
    const before = await settledDigest(this.options.database);
    const refused: Placed[] = [];
    const failed = new Map<string, Placed>();
    await severalAtATime(atOnce, placed, async (one) => {
      try {
        if (await this.send(one, scene)) refused.push(one);
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        this.options.say?.(`FUZZ_SEED=${one.seed} FUZZ_PATH=${one.place}: ${words.slice(0, 200)}`);
        if (!failed.has(kindOf(words))) failed.set(kindOf(words), one);
      }
    });
    this.options.say?.(`${this.requests} requests sent, ${failed.size} complaints`);
    for (const [kind, { seed, place }] of failed) if (!this.findings.has(kind)) await this.shrink(scene, seed, String(place), kind);
    const isSent = refused.length === placed.length;
    await this.proveUnchanged(refused, scene, isSent ? before : await settledDigest(this.options.database), { isSent });
  }

  /** Answers whether all of it was refused. */
  private async send({ conversation }: Placed, scene: Scene): Promise<boolean> {
    const { answers, wasRefused } = await converse(conversation, scene);
    this.requests += conversation.requests.length;
    for (const { status } of answers) this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    return wasRefused;
  }

  /** The same again, which counts for nothing. */
  private async sendAgain({ conversation }: Placed, scene: Scene): Promise<boolean> {
    try {
      return (await converse(conversation, scene)).wasRefused;
    } catch {
      return false;
    }
  }

  /** Keeps the smallest like it that is complained of. `seen`: what the complaint was; not given where it is sent for the first time. */
  private async shrink(scene: Scene, seed: number, path: string, seen?: string): Promise<void> {
    const property = fc.asyncProperty(this.conversations, async (conversation) => {
      await converse(conversation, scene);
    });
    const found = await fc.check(property, { seed, path, numRuns: 1, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false });
    const again = `FUZZ_SEED=${seed} FUZZ_PATH=${found.counterexamplePath ?? path}`;
    const [conversation] = found.counterexample ?? fc.sample(this.conversations, { seed, numRuns: Number(path) + 1 }).slice(-1);
    const words = found.errorInstance instanceof Error ? found.errorInstance.message : `seen once, not again: ${seen}`;
    if (conversation && (found.failed || seen !== undefined))
      this.findings.set(seen ?? path, reproduction(words, again, conversation, scene));
  }

  /** Sent once more, and then looked at: by halves, where something has changed. */
  private async proveUnchanged(
    placed: readonly Placed[],
    scene: Scene,
    before: DatabaseDigest,
    { isSent = false, isSuspect = false } = {},
  ): Promise<void> {
    let reached: Placed[] = [];
    if (isSent) reached = [...placed];
    else
      await severalAtATime(atOnce, placed, async (one) => {
        if (await this.sendAgain(one, scene)) reached.push(one);
      });
    const after = await settledDigest(this.options.database);
    if (JSON.stringify(after) === JSON.stringify(before)) {
      this.unchanged += placed.length;
      return;
    }
    // Sent a second time, some were taken: what is left may have changed nothing.
    if (reached.length < placed.length) return this.proveUnchanged(reached, scene, after);
    const [one] = placed;
    // Once may be chance: something that was asked for earlier comes to its end.
    if (placed.length === 1 && !isSuspect) return this.proveUnchanged(placed, scene, after, { isSuspect: true });
    if (placed.length === 1 && one) {
      const changed = Object.entries(after).filter(([table, digest]) => before[table] !== digest);
      const words = `refused, and yet there are changes: ${JSON.stringify(changed)}`;
      this.findings.set(words, reproduction(words, `FUZZ_SEED=${one.seed} FUZZ_PATH=${one.place}`, one.conversation, scene));
      return undefined;
    }
    const half = Math.ceil(placed.length / 2);
    await this.proveUnchanged(placed.slice(0, half), scene, after);
    return this.proveUnchanged(placed.slice(half), scene, await settledDigest(this.options.database));
  }
}

const kindOf = (words: string): string => words.replaceAll(/\d{2,}|"[^"]*"/g, '…').slice(0, 120);
