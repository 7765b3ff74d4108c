import type { Marker } from '@scheduled-scripts/domain';
import type { Reply, RouterSession, Sentence } from '@scheduled-scripts/routeros';
import { commentOf, executionOfName, isOurs, markerText, objectNames } from './object-names.js';
import { parseUptime, type RouterClock } from './router-time.js';
import { parseVersion, type RouterVersion } from './router-version.js';

export interface DeviceFacts {
  readonly version: RouterVersion;
  readonly identity: string;
  /** `null` on a virtual router, which has none. */
  readonly serial: string | null;
}

/** One of our entries in `/system/script`. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly comment: string | undefined;
}

/** Short commands: a router that needs longer for one is not well. */
const commandTimeoutMillis = 20_000;

const nameOrId = (row: Sentence): string => row['.id'] ?? '';

/** One router over one session, in our own words. Throws what the session throws. */
export class Device {
  private constructor(
    private readonly session: RouterSession,
    readonly installation: string,
    readonly facts: DeviceFacts,
  ) {}

  static async meet(session: RouterSession, installation: string): Promise<Device> {
    const ask = async (path: string): Promise<Sentence> => (await session.command(path, [], commandTimeoutMillis)).rows[0] ?? {};
    const resource = await ask('/system/resource/print');
    const identity = await ask('/system/identity/print');
    const board = await ask('/system/routerboard/print');
    return new Device(session, installation, {
      version: parseVersion(resource['version'] ?? ''),
      identity: identity['name'] ?? '',
      serial: board['serial-number'] ?? null,
    });
  }

  command(path: string, words: readonly string[] = [], timeoutMillis = commandTimeoutMillis): Promise<Reply> {
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

  /**
   * Ids of the jobs that may be this execution's: those that run its scripts, the one that our start command was given, and nameless
   * background commands, because it is not certain that every version lists the scripts within them.
   */
  async jobs(executionId: string, started: string | null): Promise<{ readonly certain: readonly string[]; readonly possible: boolean }> {
    const { rows } = await this.command('/system/script/job/print');
    const certain = rows.filter((row) => nameOrId(row) === started || executionOfName(row['script'] ?? '') === executionId);
    const possible = started === null && rows.some((row) => row['type'] === 'command' && row['script'] === undefined);
    return { certain: certain.map(nameOrId), possible };
  }

  removeJob(id: string): Promise<Reply> {
    return this.command('/system/script/job/remove', [`=.id=${id}`]);
  }

  /** Our entries, of every execution of this installation. */
  async entries(): Promise<readonly Entry[]> {
    const { rows } = await this.command('/system/script/print', ['=.proplist=.id,name,comment']);
    return rows
      .map((row) => ({ id: nameOrId(row), name: row['name'] ?? '', comment: row['comment'] }))
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

  removeEntry({ id }: Entry): Promise<Reply> {
    return this.command('/system/script/remove', [`=.id=${id}`]);
  }

  /** One command, so that its success means: the wrapper can never take the ticket any more. */
  async withdrawTicket(executionId: string): Promise<void> {
    const { ticket, withdrawn } = objectNames(executionId);
    const entry = (await this.entries()).find(({ name }) => name === ticket);
    if (entry) await this.command('/system/script/set', [`=.id=${entry.id}`, `=name=${withdrawn}`]);
  }

  /** The marker beside the script, as the wrapper has left it. */
  marker(executionId: string, entries: readonly Entry[]): Marker {
    const script = entries.find(({ name }) => name === objectNames(executionId).script);
    const text = markerText(this.installation, executionId, script?.comment);
    if (text === 'prepared' || text === 'started' || text === 'ok') return text;
    return text?.startsWith('err:') ? { err: text.slice('err:'.length) } : 'none';
  }
}
