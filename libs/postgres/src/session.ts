import type { PoolClient } from 'pg';
import type { Row } from './database.js';
import { isSilence, isUnavailable, translated } from './unavailable.js';

/** One connection while somebody has it. What the connection suffers is kept apart from what the caller's own work throws. */
export class Session {
  private fault: Error | undefined;
  private readonly onError = (error: Error): void => {
    this.fault ??= error;
  };

  constructor(private readonly client: PoolClient) {
    client.on('error', this.onError);
  }

  get isBroken(): boolean {
    return this.fault !== undefined;
  }

  /** Its server has left a statement unanswered: what became of that is unknown. */
  get isSilent(): boolean {
    return isSilence(this.fault);
  }

  async query<R extends Row>(text: string, parameters: readonly unknown[] = [], name?: string): Promise<readonly R[]> {
    return (await this.run<R>(text, parameters, name)).rows;
  }

  async transaction<T>(work: (query: Session['query']) => Promise<T>): Promise<T> {
    let open = true;
    await this.run('BEGIN');
    try {
      const result = await work(async (text, parameters, name) => {
        if (!open) throw new Error('the transaction has ended');
        return this.query(text, parameters, name);
      });
      open = false;
      const { command } = await this.run('COMMIT');
      // So the server answers, without an error, when a statement had failed and the caller swallowed that.
      if (command !== 'COMMIT') throw new Error('a statement of the transaction had failed: it was rolled back');
      return result;
    } catch (error) {
      open = false;
      if (!this.isBroken) await this.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  release(): void {
    this.client.removeListener('error', this.onError);
    this.client.release(this.fault);
  }

  private async run<R extends Row>(text: string, parameters: readonly unknown[] = [], name?: string) {
    try {
      const values = [...parameters];
      return await (name === undefined ? this.client.query<R>(text, values) : this.client.query<R>({ name, text, values }));
    } catch (error) {
      if (isUnavailable(error)) this.fault ??= error as Error;
      throw translated(error);
    }
  }
}
