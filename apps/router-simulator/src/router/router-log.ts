export interface LogLine {
  readonly id: string;
  readonly at: number;
  readonly topics: string;
  readonly message: string;
}

const kept = 1000;

/** The log in memory: the last thousand lines since boot. */
export class RouterLog {
  private readonly buffer: LogLine[] = [];
  private nextId = 1;

  constructor(private readonly now: () => number) {}

  write(topics: string, message: string): void {
    this.buffer.push({ id: `*${(this.nextId++).toString(16).toUpperCase()}`, at: this.now(), topics, message });
    if (this.buffer.length > kept) this.buffer.shift();
  }

  lines(): readonly LogLine[] {
    return this.buffer;
  }

  clear(): void {
    this.buffer.length = 0;
    this.nextId = 1;
  }
}
