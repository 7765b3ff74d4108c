import { StoreUnavailable } from '../event-store.js';

interface Waiting {
  readonly go: () => void;
  readonly giveUp: NodeJS.Timeout;
}

/** So many at a time; the others wait in turn, but not for longer than they would wait for an answer. */
export class Lanes {
  private readonly waiting = new Set<Waiting>();

  constructor(
    private free: number,
    private readonly patienceMillis: number,
  ) {}

  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.waiting.delete(waiting);
        reject(new StoreUnavailable('too much is waiting for the event store'));
      }, this.patienceMillis);
      const waiting = { go: resolve, giveUp };
      this.waiting.add(waiting);
    });
  }

  private leave(): void {
    const [next] = this.waiting;
    if (!next) {
      this.free += 1;
      return;
    }
    this.waiting.delete(next);
    clearTimeout(next.giveUp);
    next.go();
  }
}
