import { openTopics } from '@scheduled-scripts/messaging/open';
import { createLogger, type ServiceCommand } from '@scheduled-scripts/platform';
import { openDatabase, processOwner } from '@scheduled-scripts/postgres';
import { projectorDatabase } from '../projector.database.js';
import type { ProjectorEnvironment } from '../environment.js';
import { projectorMigrations } from '../projector.migrations.js';
import { rebuild, type RebuildMode } from './rebuild.js';

/** Indexes of a large read model take their time, and nobody waits for the answer. */
const statementTimeoutMillis = 60_000;

/** Runs once, beside projectors that are at work, and ends. Answers the number of the generation that readers now see. */
export const runRebuild = async (mode: RebuildMode, env: ProjectorEnvironment, signal: AbortSignal): Promise<number> => {
  const name = `projector-${mode}`;
  const logger = createLogger({ name, level: env.LOG_LEVEL });
  const database = await openDatabase({ ...projectorDatabase(env, name), statementTimeoutMillis });
  try {
    await database.migrate(projectorMigrations);
    const onError = (error: unknown): void => logger.warn({ err: error }, 'will be tried again');
    const messaging = await openTopics({ url: env.MESSAGING_URL.reveal(), clientId: name, onError });
    try {
      return await rebuild(mode, { database, messaging, logger, owner: processOwner(), signal });
    } finally {
      await messaging.close();
    }
  } finally {
    await database.close();
  }
};

/** A signal interrupts it: what was filled so far stays, and the next one goes on with it. */
export const rebuildCommand = (mode: RebuildMode, description: string): ServiceCommand<ProjectorEnvironment> => ({
  usage: '',
  description,
  run: async (env, _args, print) => {
    const interrupted = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => interrupted.abort(new Error(`interrupted by ${signal}`)));
    print(`generation ${await runRebuild(mode, env, interrupted.signal)} is live`);
    return 0;
  },
});
