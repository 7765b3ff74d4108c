import { faultsSchema, type FaultEffect, type FaultRule, type Faults, type FaultsInput } from './fault-schema.js';

export type FaultPoint =
  | { readonly point: 'connect' }
  | {
      readonly point: 'command';
      readonly path: string;
      readonly words: readonly string[];
      readonly origin: 'api' | 'script';
      readonly when: 'before' | 'during' | 'after';
    }
  /** `previous`: the line that ran before it, 0 at the start. */
  | { readonly point: 'line'; readonly script: string; readonly line: number; readonly previous: number };

/** `*` stands for any run of characters. */
const matchesPattern = (pattern: string, text: string): boolean => {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(text);
};

const covers = (rule: FaultRule['at'], passed: FaultPoint): boolean => {
  if (rule.point === 'command' && passed.point === 'command') {
    const sameOrigin = rule.origin === 'any' || rule.origin === passed.origin;
    const contained = rule.contains === '' || passed.words.some((word) => word.includes(rule.contains));
    return rule.when === passed.when && sameOrigin && contained && matchesPattern(rule.path, passed.path);
  }
  if (rule.point === 'line' && passed.point === 'line') {
    return passed.previous < rule.line && rule.line <= passed.line && matchesPattern(rule.script, passed.script);
  }
  return rule.point === passed.point;
};

/** The faults of one router. Counts how often each rule's point was passed. */
export class FaultEngine {
  private faults: Faults;
  private passes: number[] = [];

  constructor(faults: FaultsInput) {
    this.faults = faultsSchema.parse(faults);
  }

  get current(): Faults {
    return this.faults;
  }

  /** Replaces everything; the counts start again. */
  set(faults: FaultsInput): void {
    this.faults = faultsSchema.parse(faults);
    this.passes = [];
  }

  /** What happens at this point, from the first rule that says something. */
  at(point: FaultPoint): FaultEffect | null {
    let effect: FaultEffect | null = null;
    for (const [index, rule] of this.faults.rules.entries()) {
      if (!covers(rule.at, point)) continue;
      const pass = (this.passes[index] ?? 0) + 1;
      this.passes[index] = pass;
      if (pass >= rule.from && pass < rule.from + rule.times) effect ??= rule.effect;
    }
    return effect;
  }
}

export const describePoint = (point: FaultPoint): string => {
  if (point.point === 'command') return `${point.when} ${point.path}`;
  return point.point === 'line' ? `${point.script} line ${point.line}` : 'connect';
};
