/** The instant by which all of a check has to be over. */
export class Deadline {
  private readonly began = performance.now();

  constructor(readonly millis: number) {}

  get spentMillis(): number {
    return performance.now() - this.began;
  }

  /** What the next of so many steps may take, at least a millisecond: it then ends as too late by itself. */
  shareMillis(steps = 1): number {
    return Math.max(1, Math.floor((this.millis - this.spentMillis) / steps));
  }
}
