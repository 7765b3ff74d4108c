import { describe, expect, it } from '@jest/globals';
import { startService } from '@scheduled-scripts/platform';
import { openDatabase } from '@scheduled-scripts/postgres';
import { createTestDatabase, until } from '@scheduled-scripts/postgres/testing';
import { commandApi } from './command-api.service.js';
import { startCommandApi } from './testing/command-api.fixture.js';
import { Outage } from './testing/outage.js';
import { Program } from './testing/program.js';

describe('command-api', () => {
  it('names everything that is wrong with its environment, and shows no value', async () => {
    const variables = {
      CREDENTIALS_KEYS: 'k1:tooshort',
      APPROVAL_LINK_KEYS: 'k1:shorttoo',
      ALLOW_LOOPBACK_SITES: 'perhaps',
      MAX_SITES: '0',
      DATABASE_URL: 'postgres://u:secret@h/d',
    };
    const refused = startService(commandApi, variables, { port: 0 });
    await expect(refused).rejects.toMatchObject({ code: 'environment_invalid' });
    const message = await refused.then(String, String);
    for (const name of ['EVENT_STORE_URL', 'AUTH_ISSUER', 'CREDENTIALS_KEYS', 'APPROVAL_LINK_KEYS', 'ALLOW_LOOPBACK_SITES', 'MAX_SITES'])
      expect(message).toContain(name);
    expect(message).not.toMatch(/tooshort|shorttoo|secret@|perhaps/);
  });

  it('ends at a SIGTERM while it waits for migrations that nobody runs', async () => {
    const test = await createTestDatabase();
    const observer = await openDatabase({ url: test.url, schema: 'observer', applicationName: 'observer' });
    const program = new Program([], { DATABASE_URL: test.url, EVENT_STORE_URL: test.url, MIGRATIONS: 'wait' });
    const asks = async () => {
      const sessions = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT name FROM migrations%'`;
      return (await observer.query(sessions)).length > 0;
    };
    await until(asks);
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
    await until(async () => !(await asks()));
    await observer.close();
    await test.drop();
  });

  it('says so when its stores are away, loses nothing, and goes on when they are back', async () => {
    const way = new Outage();
    const api = await startCommandApi({}, way.reach);
    const ready = async () => (await api.call('GET', '/readyz', { as: null })).status;
    const id = await api.newScript({ notify: ['auth0|approver'] });
    expect(await ready()).toBe(200);

    await way.cut();
    const headers = { 'Idempotency-Key': 'during-the-outage' };
    const answers = [
      await api.call('GET', '/sites'),
      await api.call('DELETE', `/scripts/scheduled/${id}`),
      await api.call('POST', '/scripts/scheduled', { body: api.aScript(), headers }),
    ];
    await until(async () => (await ready()) === 503);
    await way.mend();
    await until(async () => (await ready()) === 200);

    expect(answers.map(({ status, json }) => [status, json['type'], json['code']])).toEqual(
      answers.map(() => [503, 'api_error', 'dependency_unavailable']),
    );
    expect(answers.map((answer) => answer.headers.get('retry-after'))).not.toContain(null);
    expect(answers.map(({ text }) => text).join()).not.toMatch(/postgres|127\.0\.0\.1|test_/i);
    expect((await api.call('DELETE', `/scripts/scheduled/${id}`)).status).toBe(204);
    expect((await api.call('POST', '/scripts/scheduled', { body: api.aScript(), headers })).status).toBe(201);
    await api.stop();
    await way.cut();
  });
});
