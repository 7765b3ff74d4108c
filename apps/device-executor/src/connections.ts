import { topicSpecifications } from '@scheduled-scripts/contracts';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { parkingMigrations } from '@scheduled-scripts/messaging';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import { openDatabase } from '@scheduled-scripts/postgres';
import { backupMigrations } from '@scheduled-scripts/site-directory/backups';
import type { ExecutorEnvironment } from './environment.js';
import { ExecutorTables1767225600002 } from './executor.tables.js';

export const migrations = [ExecutorTables1767225600002, ...parkingMigrations, ...backupMigrations];

export const databaseOf = (env: ExecutorEnvironment, applicationName: string) => ({
  url: env.DATABASE_URL.reveal(),
  schema: 'device_executor',
  applicationName,
  poolSize: 10,
});

/** All that the executor is connected to beside routers. What was opened is closed again when something fails. */
export const openConnections = async (env: ExecutorEnvironment, name: string, onError: (error: unknown) => void) => {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(connection: T): T => {
    opened.unshift(connection);
    return connection;
  };
  const close = async (): Promise<void> => {
    for (const connection of opened) await connection.close();
  };
  try {
    const database = keep(await openDatabase(databaseOf(env, name)));
    await database.migrate(migrations, env.MIGRATIONS);
    const store = keep(await openEventStore({ url: env.EVENT_STORE_URL.reveal(), applicationName: name }));
    const messaging = keep(await openMessaging({ url: env.MESSAGING_URL.reveal(), clientId: name, onError }));
    await messaging.ensureTopics(topicSpecifications);
    return { database, store, messaging, close };
  } catch (error) {
    await close();
    throw error;
  }
};
