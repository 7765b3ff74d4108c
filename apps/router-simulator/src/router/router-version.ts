/** What a RouterOS release can do; first releases as seen in command trees of real versions. */
export class RouterVersion {
  private readonly major: number;
  private readonly minor: number;

  /** E.g. `7.19.4 (stable)` or `6.49.18`. */
  constructor(readonly text: string) {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(text) ?? [];
    if (major === undefined || minor === undefined) throw new Error(`not a RouterOS version: ${text}`);
    this.major = Number(major);
    this.minor = Number(minor);
  }

  atLeast(major: number, minor: number): boolean {
    return this.major > major || (this.major === major && this.minor >= minor);
  }

  get plainLogin(): boolean {
    return this.atLeast(6, 43);
  }
  get executeOverApi(): boolean {
    return this.atLeast(7, 0);
  }
  get slashPaths(): boolean {
    return this.atLeast(7, 0);
  }
  get emptyReply(): boolean {
    return this.atLeast(7, 18);
  }
  get fileRead(): boolean {
    return this.atLeast(7, 13);
  }
  get maxSessions(): boolean {
    return this.atLeast(7, 16);
  }
  /** `2025-11-01` instead of `nov/01/2025`. */
  get isoDates(): boolean {
    return this.atLeast(7, 10);
  }
  /** Exports hide secrets unless asked. */
  get hidesSensitive(): boolean {
    return this.atLeast(7, 0);
  }
  /** Error texts end in ` (/menu/command; line N)`. */
  get errorOrigins(): boolean {
    return this.atLeast(7, 0);
  }
}
