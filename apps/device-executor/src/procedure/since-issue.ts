import { millisOf, type SiteExecution } from '@scheduled-scripts/domain';

/** Since the issue: the wall clocks of two processes at first, then this process's own monotonic one, which nobody sets back. */
export class SinceIssue {
  private base: { readonly millis: number; readonly at: number } | null = null;

  millis(issued: SiteExecution['issued']): number {
    if (issued === null) return 0;
    this.base ??= { millis: Math.max(0, Date.now() - millisOf(issued.at)), at: performance.now() };
    return this.base.millis + (performance.now() - this.base.at);
  }
}
