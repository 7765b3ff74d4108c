import type { Worker } from '@scheduled-scripts/platform';
import type { ReadModel } from '@scheduled-scripts/read-model';

/** One ear at the read model for everybody who waits for it to change. */
export class Changes implements Worker {
  readonly name = 'changes of the read model';
  private heard = 0;
  private readonly waiting = new Set<() => void>();
  private listening: { stop(): Promise<void> } | null = null;

  constructor(private readonly model: Pick<ReadModel, 'onChange'>) {}

  async start(): Promise<void> {
    this.listening = await this.model.onChange(() => this.tell());
  }

  async stop(): Promise<void> {
    await this.listening?.stop();
    this.tell();
  }

  /** How many there were so far: take it before looking, and no change is missed. */
  get count(): number {
    return this.heard;
  }

  /** Resolves at the first change after the `count`th, and after `millis` at the latest: a change may go unannounced. */
  after(count: number, millis: number): Promise<void> {
    if (count !== this.heard) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, millis);
      this.waiting.add(done);
    });
  }

  private tell(): void {
    this.heard += 1;
    for (const done of this.waiting) done();
  }
}
