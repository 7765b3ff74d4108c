import type { Marker } from '@scheduled-scripts/domain';
import {
  parseVersion,
  RouterRefused,
  type Reply,
  type RouterClock,
  type RouterSession,
  type RouterVersion,
  type Sentence,
} from '@scheduled-scripts/routeros';
import { jobOf, type Job } from './jobs.js';
import { commentOf, executionOfName, isOurs, markerText, objectNames } from './object-names.js';
import { parseUptime } from './router-time.js';

export interface DeviceFacts {
  readonly version: RouterVersion;
  /** `null` on a virtual router, which has none. */
  readonly serial: string | null;
}

export interface DeviceOptions {
  /** Marks our objects. */
  readonly installation: string;
  /** How long the router may take for one short command. */
  readonly commandTimeoutMillis: number;
}

/** One of our objects in `/system/script` or `/system/scheduler`. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly comment: string | undefined;
}

type Menu = '/system/script' | '/system/scheduler';

/** For commands that may find already done what they are to do. */
export const unlessRefused = (error: unknown): void => {
  if (!(error instanceof RouterRefused)) throw error;
};

/** One router over one session, in our own words. Throws what the session throws, and `Unintelligible`. */
export class Device {
  private constructor(
    private readonly session: RouterSession,
    private readonly options: DeviceOptions,
    readonly facts: DeviceFacts,
  ) {}

  static async meet(session: RouterSession, options: DeviceOptions): Promise<Device> {
    const ask = async (path: string): Promise<Sentence> => (await session.command(path, [], options.commandTimeoutMillis)).rows[0] ?? {};
    const resource = await ask('/system/resource/print');
    // Not every virtual router has this menu.
    const board = (await ask('/system/routerboard/print').catch(unlessRefused)) ?? {};
    return new Device(session, options, { version: parseVersion(resource['version'] ?? ''), serial: board['serial-number'] ?? null });
  }

  get installation(): string {
    return this.options.installation;
  }

  command(path: string, words: readonly string[] = [], timeoutMillis = this.options.commandTimeoutMillis): Promise<Reply> {
    return this.session.command(path, words, timeoutMillis);
  }

  close(): Promise<void> {
    return this.session.close();
  }

  async uptimeSeconds(): Promise<number> {
    const { rows } = await this.command('/system/resource/print', ['=.proplist=uptime']);
    return parseUptime(rows[0]?.['uptime'] ?? '');
  }

  async clock(): Promise<RouterClock> {
    const { rows } = await this.command('/system/clock/print');
    return { date: rows[0]?.['date'] ?? '', time: rows[0]?.['time'] ?? '' };
  }

  async jobs(): Promise<readonly Job[]> {
    return (await this.command('/system/script/job/print')).rows.map(jobOf);
  }

  async removeJob({ id }: Job): Promise<void> {
    await this.command('/system/script/job/remove', [`=.id=${id}`]).catch(unlessRefused);
  }

  /** Our entries, of every execution of this installation. */
  async entries(menu: Menu = '/system/script'): Promise<readonly Entry[]> {
    const { rows } = await this.command(`${menu}/print`, ['=.proplist=.id,name,comment']);
    return rows
      .map((row) => ({ id: row['.id'] ?? '', name: row['name'] ?? '', comment: row['comment'] }))
      .filter(({ name, comment }) => executionOfName(name) !== null && isOurs(this.installation, comment));
  }

  async addEntry(executionId: string, name: string, source: string, marker: string): Promise<void> {
    const comment = commentOf(this.installation, executionId, marker);
    await this.command('/system/script/add', [`=name=${name}`, `=comment=${comment}`, ...(source === '' ? [] : [`=source=${source}`])]);
  }

  async sourceOf(name: string): Promise<string | null> {
    const { rows } = await this.command('/system/script/print', [`?name=${name}`, '=.proplist=source']);
    return rows[0]?.['source'] ?? null;
  }

  async removeEntry({ id }: Entry, menu: Menu = '/system/script'): Promise<void> {
    await this.command(`${menu}/remove`, [`=.id=${id}`]).catch(unlessRefused);
  }

  /**
   * Renames it, one command, so that its success means: the wrapper can never take the ticket any more. A refusal means that the
   * wrapper was faster; the next look shows it.
   */
  async withdrawTicket(executionId: string): Promise<void> {
    const { ticket, withdrawn } = objectNames(executionId);
    const entry = (await this.entries()).find(({ name }) => name === ticket);
    if (entry) await this.command('/system/script/set', [`=.id=${entry.id}`, `=name=${withdrawn}`]).catch(unlessRefused);
  }

  /** The marker beside the script, as the wrapper has left it. */
  marker(executionId: string, entries: readonly Entry[]): Marker {
    const script = entries.find(({ name }) => name === objectNames(executionId).script);
    const text = markerText(this.installation, executionId, script?.comment);
    if (text === 'prepared' || text === 'started' || text === 'ok') return text;
    return text?.startsWith('err:') ? { err: text.slice('err:'.length) } : 'none';
  }
}
