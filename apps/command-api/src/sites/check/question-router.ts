import { cleanMessage, timestampOfMillis } from '@scheduled-scripts/domain';
import {
  clockMillis,
  gmtOffsetMillis,
  parseVersion,
  RouterLost,
  RouterRefused,
  RouterTimeout,
  type RouterSession,
  type Sentence,
} from '@scheduled-scripts/routeros';
import type { Site } from '@scheduled-scripts/site-directory';
import type { Deadline } from './deadline.js';
import type { Findings } from './findings.js';
import { rightsOf } from './rights.js';

/** Farther off, logs and backups of the router tell another story than ours. */
const nearMillis = 60_000;

/** It is asked for by the name that the router itself gave. */
const longestGroup = 255;

/** Asks a router who and how it is. Only `print`: nothing on it changes. */
export class RouterQuestions {
  constructor(
    private readonly session: RouterSession,
    private readonly site: Site,
    private readonly deadline: Deadline,
    private readonly found: Findings,
    private readonly now: () => number,
  ) {}

  /** What has been found stays found when the router goes away in between. */
  async ask(): Promise<void> {
    try {
      await this.identity();
      await this.rights();
      await this.clock();
    } catch (error) {
      if (!(error instanceof RouterLost || error instanceof RouterTimeout)) throw error;
      this.found.problem('broken_off', error.message);
    }
  }

  private async identity(): Promise<void> {
    const resource = await this.row('/system/resource/print');
    // Not every virtual router has this menu.
    const board = await this.answer('/system/routerboard/print').catch(unlessRefused);
    const named = await this.row('/system/identity/print');
    if (resource) this.version(resource['version'] ?? '');
    if (!resource && !named) return;
    const said = board?.['serial-number'] ?? null;
    const serial = cleanMessage(said);
    const matches = this.site.serial === null ? null : said === this.site.serial;
    this.found.identity = {
      name: cleanMessage(named?.['name'] ?? null),
      board: cleanMessage(resource?.['board-name'] ?? null),
      serial,
      serial_matches: matches,
    };
    if (matches === false) this.found.problem('wrong_device', `the router with serial number ${serial ?? 'none'} answers there`);
  }

  private version(said: string): void {
    const text = cleanMessage(said);
    if (text === null) return this.found.problem('router_unintelligible', 'the router does not say its version');
    const { supported } = parseVersion(text);
    this.found.version = { text, supported };
    if (!supported) this.found.problem('version_unsupported', `RouterOS ${text} is older than 6.49`);
  }

  private async rights(): Promise<void> {
    const user = await this.row('/user/print', [`?name=${this.site.username}`, '=.proplist=name,group']);
    const group = user?.['group'] ?? '';
    const granted =
      group === '' || group.length > longestGroup
        ? null
        : await this.row('/user/group/print', [`?name=${group}`, '=.proplist=name,policy']);
    const policies = granted?.['policy'] ?? '';
    if (policies === '') return this.found.problem('rights_unknown', 'the router does not say what the group of this user may do');
    const rights = rightsOf(group, policies);
    this.found.rights = rights;
    if (rights.missing.length > 0)
      this.found.problem('rights_missing', `the group ${group} lacks what runs need: ${rights.missing.join(', ')}`);
    if (rights.missing_for_backup.length > 0) {
      this.found.problem('backup_rights_missing', `the group ${group} lacks what backups need: ${rights.missing_for_backup.join(', ')}`);
    }
  }

  private async clock(): Promise<void> {
    const asked = this.now();
    const said = await this.row('/system/clock/print');
    const ours = (asked + this.now()) / 2;
    if (!said) return;
    const local = clockMillis({ date: said['date'] ?? '', time: said['time'] ?? '' });
    const ahead = gmtOffsetMillis(said['gmt-offset'] ?? '');
    if (local === null || ahead === null) return this.found.problem('router_unintelligible', 'the clock of the router cannot be read');
    const theirs = local - ahead;
    // It says the second that has begun: on the average half of it has passed.
    const offsetSeconds = Math.round((theirs + 500 - ours) / 1_000) + 0;
    const near = Math.abs(offsetSeconds) * 1_000 < nearMillis;
    this.found.clock = { time: timestampOfMillis(theirs), offset_seconds: offsetSeconds, near };
    if (!near)
      this.found.problem('clock_off', `the clock of the router is ${Math.abs(offsetSeconds)} s ${offsetSeconds > 0 ? 'ahead' : 'behind'}`);
  }

  /** The first row; null, with the router's words among the findings, where it refuses. */
  private async row(path: string, words: readonly string[] = []): Promise<Sentence | null> {
    try {
      return await this.answer(path, words);
    } catch (error) {
      if (!(error instanceof RouterRefused)) throw error;
      this.found.problem('router_refused', `${path}: ${error.message}`);
      return null;
    }
  }

  private async answer(path: string, words: readonly string[] = []): Promise<Sentence> {
    return (await this.session.command(path, words, this.deadline.shareMillis())).rows[0] ?? {};
  }
}

const unlessRefused = (error: unknown): null => {
  if (error instanceof RouterRefused) return null;
  throw error;
};
