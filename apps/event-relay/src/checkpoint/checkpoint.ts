import type { Position } from '@scheduled-scripts/event-store';
import type { Database } from '@scheduled-scripts/postgres';

/** Another relay leads by now; it goes on from what it has found. */
export class LeadLost extends Error {
  readonly code = 'lead_lost';
  constructor() {
    super('another relay is active');
    this.name = 'LeadLost';
  }
}

const take = `
  INSERT INTO checkpoint AS c (name, token) VALUES ($1, $2)
  ON CONFLICT (name) DO UPDATE SET token = excluded.token WHERE c.token <= excluded.token
  RETURNING position`;

/** The position up to which everything has been published. Only the newest leader may move it. */
export class Checkpoint {
  constructor(
    private readonly database: Database,
    private readonly name: string,
    private readonly token: bigint,
  ) {}

  /** Shuts earlier leaders out and answers where to go on; `null` at the very beginning. */
  async take(): Promise<Position | null> {
    const [row] = await this.database.query<{ position: Position | null }>(take, [this.name, this.token]);
    if (!row) throw new LeadLost();
    return row.position;
  }

  async moveTo(position: Position): Promise<void> {
    const moved = await this.database.query(
      'UPDATE checkpoint SET position = $3 WHERE name = $1 AND token = $2 RETURNING token',
      [this.name, this.token, position],
      'move-checkpoint',
    );
    if (moved.length === 0) throw new LeadLost();
  }
}
