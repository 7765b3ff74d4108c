/** Lets one loop sleep until it is called or a time has passed. A call while nobody sleeps is kept for the next sleep. */
export class WakeUp {
  private called = false;
  private wakeSleeper: (() => void) | null = null;

  call(): void {
    this.called = true;
    this.wakeSleeper?.();
  }

  /** `false` when the time ran out. */
  async sleep(millis: number): Promise<boolean> {
    if (!this.called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, millis);
        this.wakeSleeper = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wakeSleeper = null;
    }
    const { called } = this;
    this.called = false;
    return called;
  }
}
