import { fromMessage, type MessageContent, type ReadEvent } from '@scheduled-scripts/contracts';
import type { NewWork, Queryable } from '@scheduled-scripts/postgres';
import { render } from '../letters/letter.js';
import { mailList } from '../notifier.tables.js';
import type { MailRow } from '../outbox/mail-row.js';
import { afterEvent, readScripts, writeScript, type KnownScript } from './known-script.js';
import { noticesOf, type Notice } from './notices.js';

/** What is older when it is heard is no news: a group that begins with an old topic must not mail its whole history to everybody. */
const newsForMillis = 3 * 24 * 60 * 60_000;

export interface Intake {
  /** Mails that were not written, because nobody wants to hear that any more. */
  readonly outdated: number;
  /** Events of types that this release does not know. */
  readonly unknown: number;
}

const rowsOf = (read: ReadEvent, { to, letter, authorizationId }: Notice): readonly NewWork[] => {
  const { id, organizationId, key: scriptId, at } = read;
  const rendered = render(letter);
  return to.map((userId) => ({
    id: `${id}/${userId}`,
    lane: null,
    dueAt: at,
    payload: { organizationId, userId, scriptId, at, authorizationId: authorizationId ?? null, ...rendered } satisfies MailRow,
  }));
};

/** One batch of the topic of scripts, in the caller's transaction: keeps what is known of each script, and writes the mails. */
export const takeIn = async (db: Queryable, messages: readonly MessageContent[], now: number): Promise<Intake> => {
  const read = messages.map(fromMessage);
  const events = read.filter((one) => one.kind === 'event').filter(({ event }) => event.type.startsWith('scheduled-script.'));
  const known = await readScripts(db, [...new Set(events.map(({ key }) => key))]);
  const changed = new Map<string, KnownScript>();
  const mails: NewWork[] = [];
  let outdated = 0;
  for (const event of events) {
    const script = afterEvent(changed.get(event.key) ?? known.get(event.key), event);
    if (!script) continue;
    changed.set(event.key, script);
    const told = noticesOf(event.key, script, event).flatMap((notice) => rowsOf(event, notice));
    if (now - Date.parse(event.at) > newsForMillis) outdated += told.length;
    else mails.push(...told);
  }
  for (const [scriptId, script] of changed) await writeScript(db, scriptId, script);
  if (mails.length > 0) await mailList.add(db, mails);
  return { outdated, unknown: read.filter(({ kind }) => kind === 'unknown').length };
};
