import { createTestDatabase, outageFor } from '@scheduled-scripts/postgres/testing';
import { describeEventStore } from '../testing/index.js';
import { openPostgresEventStore } from './index.js';

describeEventStore('Postgres', async () => {
  const database = await createTestDatabase();
  const outage = await outageFor(database.url);
  return {
    open: () => openPostgresEventStore({ url: outage.url, applicationName: 'contract' }),
    interrupt: async () => {
      await outage.interrupt();
      return () => outage.restore();
    },
    close: async () => {
      await outage.close();
      await database.drop();
    },
  };
});
