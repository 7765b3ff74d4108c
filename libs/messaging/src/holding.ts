const firstPauseMillis = 100;
const longestPauseMillis = 5_000;

/** A partition in the hands of a member, from gain to loss. Instants are milliseconds of the process's own steady clock. */
export abstract class Holding {
  readonly abort = new AbortController();
  /** Resolves when the partition is lost. */
  readonly gone: Promise<void>;
  /** Resolves when the running batch has ended, one way or the other. */
  ended: Promise<void> = Promise.resolve();
  busy = false;
  lost = false;
  protected touchedAt: number;
  private failures = 0;
  private notBefore = 0;
  private resolveGone: (() => void) | undefined;

  constructor(now: number) {
    this.touchedAt = now;
    this.gone = new Promise((resolve) => (this.resolveGone = resolve));
  }

  begin(now: number): void {
    this.busy = true;
    this.touchedAt = now;
  }

  /** A sign of life of the running handler. */
  touch(now: number): void {
    this.touchedAt = now;
  }

  /** Whether the pause after a failure is over. */
  mayTry(now: number): boolean {
    return now >= this.notBefore;
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** Answers the pause before the batch comes again, in milliseconds. */
  failed(now: number): number {
    const pause = Math.min(firstPauseMillis * 2 ** this.failures, longestPauseMillis);
    this.failures++;
    this.notBefore = now + pause;
    return pause;
  }

  lose(reason: string): void {
    this.lost = true;
    this.abort.abort(new Error(reason));
    this.resolveGone?.();
  }
}
