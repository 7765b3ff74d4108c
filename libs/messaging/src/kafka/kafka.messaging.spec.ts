import { describeMessaging, openTcpLink, type TcpLink } from '../testing/index.js';
import { describeWithKafka, sharedKafkaPort } from '../testing/kafka.js';
import { openKafkaMessaging } from './index.js';

const leaseMillis = 2_000;

describeWithKafka('messaging on Kafka', () => {
  describeMessaging('keeps what the ports promise', () => {
    const port = sharedKafkaPort();
    const links: TcpLink[] = [];
    return Promise.resolve({
      leaseMillis,
      open: async () => {
        const link = await openTcpLink(port);
        links.push(link);
        const messaging = await openKafkaMessaging({
          url: `kafka://127.0.0.1:${port}`,
          clientId: 'contract',
          leaseMillis,
          sendDeadlineMillis: 2_000,
          askDeadlineMillis: 2_000,
          reach: () => ({ host: '127.0.0.1', port: link.port }),
          onError: process.env['DEBUG_KAFKA'] ? (error) => console.error(error) : undefined,
        });
        return { messaging, cut: link.cut, restore: link.restore };
      },
      close: async () => {
        await Promise.all(links.map((link) => link.close()));
      },
    });
  });
});
