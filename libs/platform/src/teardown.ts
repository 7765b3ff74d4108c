import type { Logger } from './logger.js';
import { within } from './within.js';

interface Step {
  readonly name: string;
  readonly share: number;
  readonly undo: () => Promise<unknown>;
  readonly force?: () => void;
}

/** What has been started, to be undone in reverse: within a time, and whatever fails on the way. */
export class Teardown {
  readonly #steps: Step[] = [];
  #isOver = false;

  constructor(
    private readonly logger: Logger,
    private readonly graceMillis: number,
  ) {}

  /** `share` of the grace period may be over when the step is given up (and `force` is called): later steps need the rest. */
  add(step: Step): void {
    this.#steps.push(step);
    // Opened by a start that had been given up.
    if (this.#isOver) void this.run();
  }

  async run(): Promise<void> {
    const began = performance.now();
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      const left = began + step.share * this.graceMillis - performance.now();
      try {
        await within(Math.max(left, 1), step.undo());
      } catch (error) {
        this.logger.error({ err: error, step: step.name }, 'could not stop in time');
        step.force?.();
      }
    }
    this.#isOver = true;
  }
}
