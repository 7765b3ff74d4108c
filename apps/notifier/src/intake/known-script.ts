import type { DataOf, ReadEvent } from '@scheduled-scripts/contracts';
import type { Queryable } from '@scheduled-scripts/postgres';

/** What letters say of a script, and who gets them. */
export interface KnownScript {
  readonly revision: number;
  readonly description: string;
  readonly launchAt: string;
  readonly sites: number;
  readonly script: string;
  readonly notify: readonly string[];
}

const planOf = ({ description, launchAt, sites, script, notify }: DataOf<'scheduled-script.revised.v1'>) => ({
  description,
  launchAt,
  sites: sites.length,
  script,
  notify,
});

/** The script after an event of its stream; `null` for a repeat, which is known by its revision. */
export const afterEvent = (known: KnownScript | undefined, { revision, event }: ReadEvent): KnownScript | null => {
  if (known && revision <= known.revision) return null;
  if (event.type === 'scheduled-script.created.v1' || event.type === 'scheduled-script.revised.v1')
    return { revision, ...planOf(event.data) };
  // The key's order is kept, so this is a message that was lost: it has to be looked at.
  if (!known) throw new Error(`${event.type} of a script whose creation is not known`);
  const isOver = event.type === 'scheduled-script.launched.v1' || event.type === 'scheduled-script.cancelled.v1';
  // Nobody is asked to approve it any more.
  return { ...known, revision, script: isOver ? '' : known.script };
};

export const readScripts = async (db: Queryable, scriptIds: readonly string[]): Promise<Map<string, KnownScript>> => {
  const rows = await db.query<{ id: string } & { [Key in keyof KnownScript]: KnownScript[Key] }>(
    `SELECT script_id AS id, revision, description, launch_at AS "launchAt", sites, script, notify FROM scripts WHERE script_id = ANY($1)`,
    [scriptIds],
  );
  return new Map(rows.map(({ id, ...script }) => [id, script]));
};

export const writeScript = (db: Queryable, scriptId: string, script: KnownScript): Promise<unknown> =>
  db.query(
    `INSERT INTO scripts (script_id, revision, description, launch_at, sites, script, notify) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (script_id) DO UPDATE SET revision = excluded.revision, description = excluded.description, launch_at = excluded.launch_at,
       sites = excluded.sites, script = excluded.script, notify = excluded.notify`,
    [scriptId, script.revision, script.description, script.launchAt, script.sites, script.script, script.notify],
  );
