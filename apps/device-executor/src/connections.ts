import { topicSpecifications } from '@scheduled-scripts/contracts';
import { openEventStore } from '@scheduled-scripts/event-store/open';
import { parkingMigrations } from '@scheduled-scripts/messaging';
import { openMessaging } from '@scheduled-scripts/messaging/open';
import type { ServiceContext } from '@scheduled-scripts/platform';
import { openDatabase } from '@scheduled-scripts/postgres';
import { backupMigrations } from '@scheduled-scripts/site-directory/backups';
import type { DeviceExecutorEnvironment } from './environment.js';
import { ExecutorTables1767225600002 } from './device-executor.tables.js';

export const migrations = [ExecutorTables1767225600002, ...parkingMigrations, ...backupMigrations];

export const databaseOf = (env: DeviceExecutorEnvironment, applicationName: string) => ({
  url: env.DATABASE_URL.reveal(),
  schema: 'device_executor',
  applicationName,
  poolSize: 10,
});

/** All that the executor is connected to beside routers. */
export const openConnections = async (
  env: DeviceExecutorEnvironment,
  name: string,
  opened: ServiceContext<DeviceExecutorEnvironment>['opened'],
  onError: (error: unknown) => void,
) => {
  const database = opened('database', await openDatabase(databaseOf(env, name)));
  await database.migrate(migrations, env.MIGRATIONS);
  const store = opened('event store', await openEventStore({ url: env.EVENT_STORE_URL.reveal(), applicationName: name }));
  const messaging = opened('topics', await openMessaging({ url: env.MESSAGING_URL.reveal(), clientId: name, onError }));
  await messaging.ensureTopics(topicSpecifications);
  return { database, store, messaging };
};
