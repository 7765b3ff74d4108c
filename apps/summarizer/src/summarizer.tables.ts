import { workList, workListTable, type MigrationInterface, type QueryRunner } from '@scheduled-scripts/postgres';

/** Texts that wait for their summary, by the event that brought them; a lane is a script, so that its texts come one after the other. */
export const summaryList = workList('summary_work');
export const summaryChannel = 'summarizer_work';

export class SummarizerTables1767225600004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      ...workListTable('summary_work'),
      `CREATE TABLE texts (
         script_id uuid PRIMARY KEY,
         revision int NOT NULL,
         script_sha256 text NOT NULL
       )`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE texts, summary_work');
  }
}
