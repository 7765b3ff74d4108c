import { workList, workListTable, type MigrationInterface, type QueryRunner } from '@scheduled-scripts/postgres';

/** Mails that wait to be sent; the id is derived from the event and the recipient, so that a repeat is the same mail. */
export const mailList = workList('mails');
export const mailChannel = 'notifier_mails';

export class NotifierTables1767225600003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      ...workListTable('mails'),
      `CREATE TABLE scripts (
         script_id uuid PRIMARY KEY,
         revision int NOT NULL,
         description text NOT NULL,
         launch_at text NOT NULL,
         sites int NOT NULL,
         script text NOT NULL,
         notify text[] NOT NULL
       )`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE scripts, mails');
  }
}

export class RefusedMails1767225600004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE refused_mails (
      mail_id text PRIMARY KEY,
      organization_id text NOT NULL,
      user_id text NOT NULL,
      script_id text NOT NULL,
      subject text NOT NULL,
      written_at timestamptz NOT NULL,
      refused_at timestamptz NOT NULL DEFAULT now(),
      reason text NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_mails');
  }
}
