import { createTestDatabase } from '@scheduled-scripts/postgres/testing';
import { describeMessaging, openTcpLink, type TcpLink } from '../testing/index.js';
import { openPostgresMessaging } from './index.js';

const leaseMillis = 2_000;

describeMessaging('messaging on Postgres', async () => {
  const database = await createTestDatabase();
  const links: TcpLink[] = [];
  return {
    leaseMillis,
    open: async () => {
      const through = new URL(database.url);
      const link = await openTcpLink(Number(through.port));
      links.push(link);
      through.hostname = '127.0.0.1';
      through.port = String(link.port);
      const messaging = await openPostgresMessaging({ url: through.href, clientId: 'contract', leaseMillis });
      return { messaging, cut: link.cut, restore: link.restore };
    },
    close: async () => {
      await Promise.all(links.map((link) => link.close()));
      await database.drop();
    },
  };
});
