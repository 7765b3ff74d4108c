import { policySet } from '../menus/policies.js';
import type { Row } from './config-store.js';
import type { Device } from './device.js';
import { nextRun } from './schedule.js';

const menu = '/system/scheduler';
/** A timer cannot sleep for ever, and the clock may be set meanwhile. */
const longestNap = 60_000;

interface Plan {
  /** What the hour was computed from: another schedule is another plan. */
  readonly schedule: string;
  readonly due: number | null;
}

/** Fires the entries of `/system/scheduler` when their hour comes. An hour that passed before the entry was made never comes. */
export class SchedulerClock {
  private timer: NodeJS.Timeout | undefined;
  private plans = new Map<string, Plan>();

  constructor(private readonly device: Device) {}

  plan(): void {
    clearTimeout(this.timer);
    const now = this.device.clock();
    const plans = new Map<string, Plan>();
    for (const row of this.enabled()) {
      const { interval = '', 'start-date': date = '', 'start-time': time = '' } = row.fields;
      const schedule = `${date} ${time} ${interval}`;
      const known = this.plans.get(row.id);
      plans.set(row.id, known?.schedule === schedule ? known : { schedule, due: this.next(row, now) });
    }
    this.plans = plans;
    const naps = [...plans.values()].map((plan) => (plan.due ?? Number.POSITIVE_INFINITY) - now);
    this.timer = setTimeout(() => this.look(), Math.max(1, Math.min(longestNap, ...naps)));
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.plans.clear();
  }

  private look(): void {
    const now = this.device.clock();
    for (const row of this.enabled()) {
      const plan = this.plans.get(row.id);
      if (!plan || plan.due === null || plan.due > now) continue;
      this.plans.set(row.id, { ...plan, due: this.next(row, now) });
      this.fire(row);
    }
    this.plan();
  }

  private fire({ id, fields }: Row): void {
    const { device } = this;
    device.starts.note(`${menu} ${id}`, device.clock());
    const event = fields['on-event'] ?? '';
    // A script's name alone runs the script; anything else is text to run.
    const isName = device.store.rows('/system/script').some((row) => row.fields['name'] === event);
    const text = isName ? `/system script run "${event}"` : event;
    device.startText(text, { user: fields['owner'] ?? '', policies: policySet(fields['policy']), job: null }, null);
  }

  private enabled(): Row[] {
    return this.device.store.rows(menu).filter((row) => row.fields['disabled'] !== 'true');
  }

  private next(row: Row, after: number): number | null {
    return nextRun(row.fields, after, this.device.clock() - this.device.uptimeMillis());
  }
}
