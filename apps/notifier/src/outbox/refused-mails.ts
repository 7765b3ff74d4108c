import type { Queryable } from '@scheduled-scripts/postgres';
import type { MailRow } from './mail-row.js';

/** Keeps whom a mail did not reach, and why, for whoever looks into it; not what it said. */
export const keepRefused = (db: Queryable, mailId: string, mail: MailRow, reason: string): Promise<unknown> =>
  db.query(
    `INSERT INTO refused_mails (mail_id, organization_id, user_id, script_id, subject, written_at, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (mail_id) DO NOTHING`,
    [mailId, mail.organizationId, mail.userId, mail.scriptId, mail.subject, mail.at, reason],
  );

/** A quarter of a year is time enough to be missed and asked about; whom we could not reach is nobody's business for longer. */
const keptFor = `interval '90 days'`;

/** Forgets those that are past their time. Returns how many. */
export const forgetRefused = async (db: Queryable): Promise<number> =>
  (await db.query(`DELETE FROM refused_mails WHERE refused_at < clock_timestamp() - ${keptFor} RETURNING mail_id`)).length;
