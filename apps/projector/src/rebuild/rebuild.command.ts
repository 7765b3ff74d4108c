import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { topicSpecifications } from '@scheduled-scripts/contracts';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import { createLogger, parseEnvironment, type EnvironmentVariables } from '@scheduled-scripts/platform';
import { openDatabase } from '@scheduled-scripts/postgres';
import { projectorEnvironment } from '../environment.js';
import { projectorMigrations } from '../projector.migrations.js';
import { rebuild, type RebuildMode } from './rebuild.js';

export const rebuildModes: Readonly<Record<string, RebuildMode>> = { '--rebuild': 'rebuild', '--rollback': 'rollback' };

/** A rebuild from the command line: runs once, beside projectors that are at work, and ends. */
export const runRebuild = async (mode: RebuildMode, variables: EnvironmentVariables, signal: AbortSignal): Promise<number> => {
  const env = parseEnvironment(projectorEnvironment, variables);
  const logger = createLogger({ name: `projector-${mode}`, level: env.LOG_LEVEL });
  const database = await openDatabase({
    url: env.DATABASE_URL.reveal(),
    schema: 'read_model',
    applicationName: `projector-${mode}`,
    poolSize: 8,
  });
  try {
    await database.migrate(projectorMigrations);
    const messaging = await openMessaging({
      url: env.MESSAGING_URL.reveal(),
      clientId: `projector-${mode}`,
      onError: (error) => logger.warn({ err: error }, 'will be tried again'),
    });
    try {
      await messaging.ensureTopics(topicSpecifications);
      return await rebuild(mode, { database, messaging, logger, owner: `${hostname()} ${process.pid} ${randomUUID()}`, signal });
    } finally {
      await messaging.close();
    }
  } finally {
    await database.close();
  }
};
