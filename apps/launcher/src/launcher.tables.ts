import { workList, workListTable, type MigrationInterface, type QueryRunner } from '@scheduled-scripts/postgres';

/** Authorized scripts by the instant of their launch; the id is the script's. */
export const dueList = workList('due_launches');
/** What a rollout, a test or an abort asks for; a lane is a script, so that its steps run one after the other. */
export const rolloutList = workList('rollout_work');

export const dueChannel = 'launcher_due';
export const rolloutChannel = 'launcher_rollout';

export class LauncherTables1767225600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      ...workListTable('due_launches'),
      ...workListTable('rollout_work'),
      `CREATE TABLE scripts (
         script_id uuid PRIMARY KEY,
         revision int NOT NULL,
         launch_at timestamptz NOT NULL,
         sites int NOT NULL,
         phase text NOT NULL CHECK (phase IN ('unauthorized', 'scheduled', 'cancelled', 'launched', 'completed'))
       )`,
      `CREATE TABLE outcomes (
         script_id uuid NOT NULL,
         site_id text NOT NULL,
         revision int NOT NULL,
         reason text,
         PRIMARY KEY (script_id, site_id)
       )`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outcomes, scripts, rollout_work, due_launches');
  }
}
