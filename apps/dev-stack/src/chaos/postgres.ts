import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@scheduled-scripts/postgres/embedded';
import type { Connection } from '../stack/connection.js';
import { signalTo, type ProcessProof } from '../stack/process-proof.js';
import { commandOf, familyOf } from './processes.js';

export const isPostgres = (process: ProcessProof): boolean => /\bpostgres\b/.test(commandOf(process).split(' -')[0] ?? '');

/** Kills the Postgres that process `owner` has started; the stack is told nothing. */
export const killPostgres = (owner: number): void => {
  const [first] = familyOf(owner).filter(isPostgres);
  if (!first || !commandOf(first).includes(' -D ')) throw new Error('no Postgres was started there');
  signalTo(first, 'SIGKILL');
};

/** Another one on the same data, at the same port. */
export const replacePostgres = (data: string, { postgresUrl }: Connection): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({
    dataDirectory: join(data, 'postgres'),
    durable: true,
    maxConnections: 200,
    port: Number(new URL(postgresUrl).port),
  });
