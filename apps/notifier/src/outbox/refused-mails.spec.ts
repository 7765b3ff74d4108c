import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { RefusedMails1767225600004 } from '../notifier.tables.js';
import type { MailRow } from './mail-row.js';
import { forgetRefused, keepRefused } from './refused-mails.js';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await openDatabase({ url: test.url, schema: 'notifier', applicationName: 'refused-mails.spec' });
  await database.migrate([RefusedMails1767225600004], 'run');
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const mail: MailRow = {
  organizationId: 'org_a',
  userId: 'boss',
  scriptId: '018f5bda-4690-7432-8472-358b2734f19b',
  at: '2026-03-01T02:00:00.000000Z',
  subject: 'Launched: Move the guests',
  urgent: false,
  text: 'It was launched.',
  html: '<p>It was launched.</p>',
  authorizationId: null,
};
const kept = async () =>
  (await database.query<{ mail_id: string }>('SELECT mail_id FROM refused_mails ORDER BY 1')).map((row) => row.mail_id);

it('a refused mail is kept for 90 days, whenever it was written, and then forgotten', async () => {
  for (const [id, age] of [
    ['a', '0 days'],
    ['b', '89 days 23 hours'],
    ['c', '90 days'],
    ['d', '2 years'],
  ] as const) {
    await keepRefused(database, id, mail, '550 No such user');
    await database.query('UPDATE refused_mails SET refused_at = refused_at - $2::interval WHERE mail_id = $1', [id, age]);
  }
  expect(await forgetRefused(database)).toBe(2);
  expect(await kept()).toEqual(['a', 'b']);
  expect(await forgetRefused(database)).toBe(0);
});
