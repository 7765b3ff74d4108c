/** Something that a handler waits at until the test lets it go on. */
export class Gate {
  private letThrough: (() => void) | undefined;
  readonly opened = new Promise<void>((resolve) => (this.letThrough = resolve));

  open(): void {
    this.letThrough?.();
  }
}
