export interface CircuitOptions {
  /** So many failures in a row open it; 5 unless told. */
  readonly failures?: number;
  /** How long it stays open; twice as long after each try that fails, up to `longestRestMillis`. 30 s and 15 min unless told. */
  readonly restMillis?: number;
  readonly longestRestMillis?: number;
  readonly now?: () => number;
}

/** Keeps us from asking somebody who does not answer. After a rest one may try, and how that goes decides about the others. */
export class Circuit {
  private failures = 0;
  /** 0: closed. */
  private restMillis = 0;
  private restsUntil = 0;
  private isTrying = false;

  constructor(private readonly options: CircuitOptions = {}) {}

  /** Whether to ask now. */
  admits(): boolean {
    if (this.restMillis === 0) return true;
    if (this.now() < this.restsUntil) return false;
    // Whoever tries may never come back to tell: the next one then tries after another rest.
    this.restsUntil = this.now() + this.restMillis;
    this.isTrying = true;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
    this.restMillis = 0;
    this.isTrying = false;
  }

  failed(): void {
    const { failures = 5, restMillis = 30_000, longestRestMillis = 900_000 } = this.options;
    this.failures += 1;
    if (this.restMillis === 0) {
      if (this.failures >= failures) this.rest(restMillis);
    } else if (this.isTrying) {
      this.rest(Math.min(longestRestMillis, this.restMillis * 2));
    }
  }

  private rest(millis: number): void {
    this.restMillis = millis;
    this.restsUntil = this.now() + millis;
    this.isTrying = false;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}
