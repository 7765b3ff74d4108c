import type { ClaimedWork, Database } from '@scheduled-scripts/postgres';
import { until } from '@scheduled-scripts/postgres/testing';
import { executionList } from '../device-executor.tables.js';

/** The executor's own table, as its loop sees it, and with a hand on the clock. */
export class WorkRows {
  constructor(private readonly database: Database) {}

  /** The row of work as a loop would claim it, for as long as a lease of `leaseMillis` lasts. */
  claim(owner: string, leaseMillis: number): Promise<readonly ClaimedWork[]> {
    return executionList.claim(this.database, { owner, limit: 1_000, leaseMillis });
  }

  /** The row of one execution; those of trials beside this one are given back to them. */
  async claimOne(owner: string, executionId: string, leaseMillis: number): Promise<ClaimedWork> {
    let ours: readonly ClaimedWork[] = [];
    await until(async () => {
      const claimed = await this.claim(owner, leaseMillis);
      ours = claimed.filter(({ id }) => id === executionId);
      const others = claimed.filter(({ id }) => id !== executionId);
      await executionList.release(this.database, others);
      return ours.length > 0;
    });
    return ours[0] as ClaimedWork;
  }

  /** Lets a row that waits be due. */
  async hurry(executionId: string): Promise<void> {
    await this.database.query('UPDATE executions SET due_at = now() WHERE id = $1 AND owner IS NULL', [executionId]);
  }

  /** How often it has been taken up. */
  async attempts(executionId: string): Promise<number> {
    const rows = await this.database.query<{ attempts: number }>('SELECT attempts FROM executions WHERE id = $1', [executionId]);
    return rows[0]?.attempts ?? 0;
  }

  /** What its row of work holds beside its state. */
  async payload(executionId: string): Promise<Readonly<Record<string, unknown>>> {
    const rows = await this.database.query<{ payload: Record<string, unknown> }>('SELECT payload FROM executions WHERE id = $1', [
      executionId,
    ]);
    return rows[0]?.payload ?? {};
  }

  /** Negative while somebody works on it. */
  async dueInMillis(executionId: string): Promise<number> {
    const rows = await this.database.query<{ millis: number }>(
      `SELECT (extract(epoch FROM due_at - now()) * 1000)::float8 AS millis FROM executions WHERE id = $1`,
      [executionId],
    );
    return rows[0]?.millis ?? 0;
  }

  async isListed(executionId: string): Promise<boolean> {
    return (await this.database.query('SELECT FROM executions WHERE id = $1', [executionId])).length > 0;
  }

  /** As after an error that nobody foresaw: it waits, and the site's lane is free. */
  async giveUp(executionId: string): Promise<void> {
    await this.database.query(`UPDATE executions SET owner = NULL, lease_until = NULL, due_at = now() + interval '1 hour' WHERE id = $1`, [
      executionId,
    ]);
  }

  /** The dead renew no lease. */
  async endLeases(): Promise<void> {
    await this.database.query('UPDATE executions SET lease_until = now() WHERE owner IS NOT NULL');
  }
}
