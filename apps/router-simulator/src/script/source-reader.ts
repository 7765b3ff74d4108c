/** Where in the source, both counted from 1; columns count bytes. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export class ScriptSyntaxError extends Error {
  readonly code = 'script_syntax_error';
  constructor(
    readonly reason: string,
    readonly at: Position,
  ) {
    super(`${reason} (line ${at.line} column ${at.column})`);
  }
}

/** A cursor over script text. A backslash at the end of a line joins it with the next one. */
export class SourceReader {
  offset = 0;
  private readonly lineStarts: number[] = [0];

  constructor(readonly text: string) {
    for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) this.lineStarts.push(index + 1);
  }

  get done(): boolean {
    return this.offset >= this.text.length;
  }

  peek(ahead = 0): string {
    return this.text[this.offset + ahead] ?? '';
  }

  startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.offset);
  }

  /** Matches at the cursor and moves past it; the pattern must be sticky. */
  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.offset;
    const match = pattern.exec(this.text);
    if (!match) return null;
    this.offset += match[0].length;
    return match[0];
  }

  looksLike(pattern: RegExp): boolean {
    pattern.lastIndex = this.offset;
    return pattern.test(this.text);
  }

  skipBlanks(): void {
    this.take(/(?:[ \t\r]|\\\r?\n)+/y);
  }

  /** Also past line ends: between statements and inside parentheses. */
  skipSpace(): void {
    this.take(/(?:[ \t\r\n]|\\\r?\n)+/y);
  }

  position(offset = this.offset): Position {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }

  fail(reason = 'syntax error', offset = this.offset): never {
    throw new ScriptSyntaxError(reason, this.position(offset));
  }
}
