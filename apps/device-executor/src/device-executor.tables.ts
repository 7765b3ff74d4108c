import { workList, workListTable, type MigrationInterface, type QueryRunner } from '@scheduled-scripts/postgres';

/** Executions that have not ended, or whose outcome is still looked for; a lane is a site, so that each router has one at a time. */
export const executionList = workList('executions');
export const executionChannel = 'device_executor_executions';

/** Databases know this migration by its name, which therefore stays as it is. */
export class ExecutorTables1767225600002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of workListTable('executions')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE executions');
  }
}
