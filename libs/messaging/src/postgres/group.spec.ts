import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { Group } from './group.js';
import { openPostgresMessaging } from './index.js';

const topic = 'orders';

describe('the claims of a group', () => {
  let test: TestDatabase;
  let database: Database;
  const newMember = (): Group => new Group(database, 'executor', randomUUID(), [topic], 60_000);

  beforeAll(async () => {
    test = await createTestDatabase();
    const messaging = await openPostgresMessaging({ url: test.url, clientId: 'spec' });
    await messaging.ensureTopics([{ name: topic, partitions: 2 }]);
    await messaging.close();
    database = await openDatabase({ url: test.url, schema: 'messaging', applicationName: 'spec' });
    await newMember().enrol('earliest');
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  it('that a member has without knowing, since the answer got lost, are taken again at once, and by nobody else', async () => {
    const [first, second] = [newMember(), newMember()];
    const lost = await first.claim(topic, 2, []);
    expect(lost).toHaveLength(2);
    expect(await second.claim(topic, 2, [])).toEqual([]);
    const [known] = await first.claim(topic, 1, [lost[0]!.partitionId]);
    expect(known).toMatchObject({ partitionId: lost[1]!.partitionId, generation: String(Number(lost[1]!.generation) + 1) });
    expect(await first.commit(lost[1]!, 7)).toBe(false);
    expect(await first.commit(known!, 7)).toBe(true);
  });
});
