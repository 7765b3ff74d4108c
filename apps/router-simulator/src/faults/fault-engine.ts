import { faultsSchema, type FaultAction, type FaultRule, type Faults, type FaultsInput } from './fault-schema.js';

export type FaultPoint =
  | { readonly point: 'connect' }
  | {
      readonly point: 'command';
      readonly path: string;
      readonly words: readonly string[];
      readonly origin: 'api' | 'script';
      readonly when: 'before' | 'during' | 'after';
    }
  | { readonly point: 'line'; readonly script: string; readonly line: number };

/** `*` stands for any run of characters. */
const matchesPattern = (pattern: string, text: string): boolean => {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(text);
};

const covers = (rule: FaultRule['at'], passed: FaultPoint): boolean => {
  if (rule.point === 'connect' || passed.point === 'connect') return rule.point === passed.point;
  if (rule.point === 'line' || passed.point === 'line') {
    return rule.point === 'line' && passed.point === 'line' && passed.line >= rule.line && matchesPattern(rule.script, passed.script);
  }
  const sameOrigin = rule.origin === 'any' || rule.origin === passed.origin;
  const contained = rule.contains === '' || passed.words.some((word) => word.includes(rule.contains));
  return rule.when === passed.when && sameOrigin && contained && matchesPattern(rule.path, passed.path);
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
  at(point: FaultPoint): FaultAction | null {
    let action: FaultAction | null = null;
    for (const [index, rule] of this.faults.rules.entries()) {
      if (!covers(rule.at, point)) continue;
      const pass = (this.passes[index] ?? 0) + 1;
      this.passes[index] = pass;
      if (pass >= rule.from && pass < rule.from + rule.times) action ??= rule.effect;
    }
    return action;
  }
}
