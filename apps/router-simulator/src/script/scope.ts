import type { Value } from './values.js';

/** The variables of one block. Globals are seen only where they are declared. */
export class Scope {
  private readonly locals = new Map<string, Value>();
  private readonly declaredGlobals = new Set<string>();

  constructor(
    private readonly globals: Map<string, Value>,
    private readonly outer: Scope | null = null,
  ) {}

  inner(): Scope {
    return new Scope(this.globals, this);
  }

  /** For the body of a function: it sees none of its caller's locals. */
  separate(): Scope {
    return new Scope(this.globals);
  }

  declareLocal(name: string, value: Value): void {
    this.declaredGlobals.delete(name);
    this.locals.set(name, value);
  }

  declareGlobal(name: string): void {
    this.locals.delete(name);
    this.declaredGlobals.add(name);
    if (!this.globals.has(name)) this.globals.set(name, undefined);
  }

  get(name: string): Value {
    if (this.locals.has(name)) return this.locals.get(name);
    if (this.declaredGlobals.has(name)) return this.globals.get(name);
    return this.outer?.get(name);
  }

  /** False where no variable of that name is declared. */
  set(name: string, value: Value): boolean {
    if (this.locals.has(name)) this.locals.set(name, value);
    else if (this.declaredGlobals.has(name)) this.globals.set(name, value);
    else return this.outer?.set(name, value) ?? false;
    return true;
  }
}
