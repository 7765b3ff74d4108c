/** How often and when each script or schedule was started since boot, by row id. */
export class ScriptStarts {
  private readonly starts = new Map<string, { count: number; last: number }>();

  note(id: string, at: number): void {
    this.starts.set(id, { count: this.count(id) + 1, last: at });
  }

  count(id: string): number {
    return this.starts.get(id)?.count ?? 0;
  }

  last(id: string): number | null {
    return this.starts.get(id)?.last ?? null;
  }

  forget(id: string): void {
    this.starts.delete(id);
  }

  clear(): void {
    this.starts.clear();
  }
}
