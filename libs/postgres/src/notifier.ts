/** Sends at most one notification at a time; whatever is asked for meanwhile goes out as one per channel. */
export class Notifier {
  private readonly wanted = new Set<string>();
  private running: Promise<void> | null = null;

  constructor(private readonly send: (channel: string) => Promise<unknown>) {}

  notify(channel: string): void {
    this.wanted.add(channel);
    this.running ??= this.drain();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async drain(): Promise<void> {
    for (const channel of this.wanted) {
      this.wanted.delete(channel);
      // A wake-up that got lost costs a poll interval, no more.
      await this.send(channel).catch(() => undefined);
    }
    this.running = null;
  }
}
