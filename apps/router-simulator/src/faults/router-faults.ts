import type { Breakdown, Caller } from '../menus/menu-call.js';
import { RouterOsError } from '../menus/routeros-error.js';
import type { Journal } from '../router/journal.js';
import { describePoint, FaultEngine, type FaultPoint } from './fault-engine.js';
import { FaultFile } from './fault-file.js';
import type { FaultEffect, Faults, FaultsInput } from './fault-schema.js';

/** What a fault can do to the router as a whole. */
export interface FaultTarget {
  reboot(reason: string): void;
  losePower(): void;
  breakAll(how: Breakdown): void;
}

/** The faults of one router: kept on disk, journaled when they strike. */
export class RouterFaults {
  private readonly engine: FaultEngine;
  private readonly file: FaultFile;

  /** `initial` holds until others are set. */
  constructor(
    file: string,
    initial: FaultsInput,
    private readonly journal: Journal,
    private readonly target: FaultTarget,
  ) {
    this.file = new FaultFile(file);
    this.engine = new FaultEngine(this.file.read() ?? initial);
  }

  get current(): Faults {
    return this.engine.current;
  }

  set(faults: FaultsInput): void {
    this.engine.set(faults);
    this.file.write(this.engine.current);
  }

  /** What strikes at this point; it is in the journal already. */
  at(point: FaultPoint): FaultEffect | null {
    const effect = this.engine.at(point);
    if (effect) this.journal.append({ kind: 'fault', fault: effect.kind, where: describePoint(point) });
    return effect;
  }

  async pass(point: FaultPoint, caller: Caller): Promise<void> {
    const effect = this.at(point);
    if (effect) await this.suffer(effect, caller);
  }

  /** A trap is thrown, a hang waits; everything else befalls session, job or router. */
  async suffer(effect: FaultEffect, caller: Caller): Promise<void> {
    switch (effect.kind) {
      case 'trap':
        throw new RouterOsError(effect.message, effect.category, null, effect.more);
      case 'hang':
      case 'late':
        return caller.job.wait(effect.milliseconds);
      case 'send':
        return caller.session?.send(effect.words);
      case 'reboot':
        return this.target.reboot('fault');
      case 'power-loss':
        return this.target.losePower();
      case 'kill-job':
        return caller.job.root().kill('fault');
      default:
        if (caller.session) caller.session.breakDown(effect.kind);
        else this.target.breakAll(effect.kind);
    }
  }
}
