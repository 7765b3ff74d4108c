const kept = 64 * 1024;

/** What a script printed, up to a limit; and how many lists of rows were among it. */
export class ScriptOutput {
  lists = 0;
  private readonly lines: string[] = [];
  private length = 0;

  line(text: string): void {
    if (this.length > kept) return;
    this.length += text.length;
    this.lines.push(text);
  }

  text(lineEnd: string): string {
    return this.lines.join(lineEnd);
  }
}
