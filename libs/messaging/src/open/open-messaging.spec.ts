import { describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@scheduled-scripts/postgres/testing';
import { openMessaging } from './index.js';

describe('openMessaging', () => {
  it('opens what the URL names', async () => {
    const database = await createTestDatabase();
    const messaging = await openMessaging({ url: database.url, clientId: 'open' });
    await expect(messaging.publisher().ping()).resolves.toBeUndefined();
    await messaging.close();
    await database.drop();
  });

  it.each(['amqp://127.0.0.1', 'redis://127.0.0.1/0'])('refuses %s', async (url) => {
    await expect(openMessaging({ url, clientId: 'open' })).rejects.toThrow('no messaging speaks');
  });
});
