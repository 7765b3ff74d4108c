import { causeOf, fromMessage, type MessageContent, type ReadEvent } from '@scheduled-scripts/contracts';
import type { NewWork, Queryable } from '@scheduled-scripts/postgres';
import { summaryList } from '../summarizer.tables.js';
import type { SummaryWork } from '../work/summary-work.js';

export interface Intake {
  /** Events of types that this release does not know. */
  readonly unknown: number;
}

/** The text of a script as its topic has told it last. */
interface Text {
  readonly revision: number;
  readonly scriptSha256: string;
}

const readTexts = async (db: Queryable, scriptIds: readonly string[]): Promise<Map<string, Text>> => {
  const rows = await db.query<{ id: string; revision: number; scriptSha256: string }>(
    'SELECT script_id AS id, revision, script_sha256 AS "scriptSha256" FROM texts WHERE script_id = ANY($1)',
    [scriptIds],
  );
  return new Map(rows.map(({ id, ...text }) => [id, text]));
};

const writeTexts = (db: Queryable, texts: readonly (readonly [string, Text])[]): Promise<unknown> =>
  db.query(
    `INSERT INTO texts (script_id, revision, script_sha256) SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[])
     ON CONFLICT (script_id) DO UPDATE SET revision = excluded.revision, script_sha256 = excluded.script_sha256`,
    [texts.map(([scriptId]) => scriptId), texts.map(([, { revision }]) => revision), texts.map(([, { scriptSha256 }]) => scriptSha256)],
  );

const workOf = (read: ReadEvent, scriptSha256: string): NewWork => ({
  id: read.id,
  lane: read.key,
  dueAt: read.at,
  payload: { scriptId: read.key, scriptSha256, ...causeOf(read) } satisfies SummaryWork,
});

/** One batch of the topic of scripts, in the caller's transaction: notes each text that is new, so that it is summarized. */
export const takeIn = async (db: Queryable, messages: readonly MessageContent[]): Promise<Intake> => {
  const read = messages.map(fromMessage);
  const events = read.filter((one) => one.kind === 'event');
  const known = await readTexts(db, [...new Set(events.map(({ key }) => key))]);
  const changed = new Map<string, Text>();
  const work: NewWork[] = [];
  for (const one of events) {
    const { key: scriptId, revision, event } = one;
    if (event.type !== 'scheduled-script.created.v1' && event.type !== 'scheduled-script.revised.v1') continue;
    const before = changed.get(scriptId) ?? known.get(scriptId);
    if (before && revision <= before.revision) continue;
    const { scriptSha256 } = event.data;
    changed.set(scriptId, { revision, scriptSha256 });
    if (before?.scriptSha256 !== scriptSha256) work.push(workOf(one, scriptSha256));
  }
  if (changed.size > 0) await writeTexts(db, [...changed]);
  if (work.length > 0) await summaryList.add(db, work);
  return { unknown: read.length - events.length };
};
