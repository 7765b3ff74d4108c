import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, toMessage } from '@scheduled-scripts/contracts';
import type { Messaging } from '@scheduled-scripts/messaging';
import { openTopics } from '@scheduled-scripts/messaging/open';
import { createLogger, startService, type RunningService } from '@scheduled-scripts/platform';
import { metric } from '@scheduled-scripts/platform/testing/metric';
import { until } from '@scheduled-scripts/postgres/testing';
import { deviceExecutor } from './index.js';
import { leftOn, runsOf } from './testing/routers.js';
import type { OrderChanges } from './testing/executions.js';
import { keys, Stage } from './testing/stage.js';

let stage: Stage;
let messaging: Messaging;
const lines: string[] = [];

const start = (changes: Record<string, string> = {}): Promise<RunningService> => {
  const urls = { DATABASE_URL: stage.test.url, EVENT_STORE_URL: stage.test.url, MESSAGING_URL: stage.test.url };
  const own = { CREDENTIALS_KEYS: keys, ALLOW_LOOPBACK_SITES: 'true', INSTALLATION_ID: 'stage', SHUTDOWN_GRACE_MILLIS: '10000' };
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ name: 'device-executor', level: 'debug', destination });
  return startService(deviceExecutor, { NODE_ENV: 'test', ...urls, ...own, ...changes }, { logger, port: 0 });
};

beforeAll(async () => {
  stage = await Stage.set();
  messaging = await openTopics({ url: stage.test.url, clientId: 'stage' });
}, 30_000);
afterAll(async () => {
  await messaging.close();
  await stage.strike();
}, 30_000);

/** As the relay does. */
const publish = async (executionId: string): Promise<void> =>
  messaging.publisher().publish((await stage.executions.events(executionId)).map(toMessage));

const order = async (siteId: string, changes: OrderChanges = {}): Promise<string> => {
  const { executionId } = await stage.executions.ask(siteId, changes);
  await publish(executionId);
  return executionId;
};

describe('the service', () => {
  it('names everything that is wrong with its environment, and shows no value', async () => {
    const refused = start({ CREDENTIALS_KEYS: 'k1:tooshort', INSTALLATION_ID: 'No Place', EXECUTIONS_AT_ONCE: 'many' });
    await expect(refused).rejects.toMatchObject({ code: 'environment_invalid' });
    const message = await refused.then(String, String);
    for (const name of ['CREDENTIALS_KEYS', 'INSTALLATION_ID', 'EXECUTIONS_AT_ONCE']) expect(message).toContain(name);
    expect(message).not.toMatch(/tooshort|No Place|many/);
  });

  it('takes what is asked for from its topic, is ready, counts, and says in its log what became of it', async () => {
    const service = await start();
    const { router, siteId } = await stage.site();
    const good = await order(siteId);
    expect(await stage.until(good, 'completed')).toMatchObject({ phase: 'completed' });
    const bad = await order(siteId, { script: ':error "boom"' });
    await stage.until(bad, 'failed');
    expect((await fetch(`${service.healthUrl}/readyz`)).status).toBe(200);
    expect(await metric(service, 'scheduled_scripts_outcomes_total{outcome="completed"')).toBe(1);
    expect(await metric(service, 'scheduled_scripts_outcomes_total{outcome="script_error"')).toBe(1);
    expect(await metric(service, 'scheduled_scripts_unknown_outcomes')).toBe(0);
    await until(async () => (await metric(service, 'scheduled_scripts_open_executions')) === 0);
    const log = lines.join('');
    for (const said of [good, bad, 'script_error', siteId]) expect(log).toContain(said);
    expect(log).not.toContain(router.description.password);
    await service.stop();
  });

  it('makes nothing of what is told twice, or was over long ago', async () => {
    const service = await start();
    const { router, siteId } = await stage.site();
    const executionId = await order(siteId);
    await stage.until(executionId, 'completed');
    await publish(executionId);
    await publish(executionId);
    const next = await order(siteId);
    await stage.until(next, 'completed');
    expect(await stage.ended(executionId)).toMatchObject({ phase: 'completed' });
    expect(runsOf(router, executionId)).toEqual(['completed']);
    await service.stop();
  });

  it('parks the key of a message that it cannot read, counts one of a later release, and goes on with the others', async () => {
    const service = await start();
    const { siteId } = await stage.site();
    const headers = { ce_specversion: '1.0', ce_type: 'site-execution.requested.v1' };
    const later = { ...headers, ce_type: 'site-execution.requested.v2' };
    await messaging.publisher().publish([
      { id: 'broken', topic: topics.siteExecution, key: 'site_broken', headers, value: '{' },
      { id: 'later', topic: topics.siteExecution, key: 'site_later', headers: later, value: '{}' },
    ]);
    await until(async () => (await metric(service, 'scheduled_scripts_parkings_total')) === 1);
    await until(async () => (await metric(service, 'scheduled_scripts_unknown_events_total')) === 1);
    expect(await stage.until(await order(siteId), 'completed')).toMatchObject({ phase: 'completed' });
    await service.stop();
  }, 60_000);

  it('shows an unknown outcome for as long as its truth is looked for', async () => {
    const service = await start();
    const { router, siteId } = await stage.site();
    const executionId = await order(siteId, { script: ':delay 1500ms', windowMillis: 10_000 });
    await until(() => runsOf(router, executionId).length > 0);
    const rules = [{ at: { point: 'command', path: '*', origin: 'api' }, effect: { kind: 'reset' } }] as const;
    router.setFaults({ conditions: { refuse: true }, rules: [...rules] });
    await stage.until(executionId, 'failed');
    await until(async () => (await metric(service, 'scheduled_scripts_unknown_outcomes')) === 1);
    router.setFaults({});
    await until(async () => {
      await stage.rows.hurry(executionId);
      return (await stage.executions.story(executionId)).includes('resolved');
    });
    await until(async () => (await metric(service, 'scheduled_scripts_unknown_outcomes')) === 0);
    expect(await metric(service, 'scheduled_scripts_resolutions_total{outcome="completed"')).toBe(1);
    await service.stop();
  }, 60_000);
});

describe('a stop', () => {
  it('leaves a running script to run, and the next one finds out how it ended', async () => {
    const { router, siteId } = await stage.site();
    const first = await start();
    const executionId = await order(siteId, { script: ':delay 1500ms\n/system identity set name=done' });
    await until(() => runsOf(router, executionId).length > 0);
    await first.stop();
    expect(await stage.executions.story(executionId)).toEqual(['requested', 'claimed', 'prepared', 'issued']);
    expect(runsOf(router, executionId)).toEqual([null]);

    const next = await start();
    expect(await stage.until(executionId, 'completed')).toMatchObject({ phase: 'completed' });
    expect(await stage.executions.story(executionId)).toEqual(['requested', 'claimed', 'prepared', 'issued', 'claimed', 'completed']);
    expect(runsOf(router, executionId)).toEqual(['completed']);
    await until(() => leftOn(router).length === 0);
    await next.stop();
  }, 60_000);

  it('in the midst of a preparation leaves it to the next one, which prepares anew', async () => {
    const { router, siteId } = await stage.faulty({ conditions: { exportFails: 'no-file' } });
    const first = await start();
    const executionId = await order(siteId, { makeBackup: true });
    await stage.until(executionId, 'claimed');
    await first.stop();
    expect(await stage.executions.story(executionId)).toEqual(['requested', 'claimed']);
    router.setFaults({});
    const next = await start();
    expect(await stage.until(executionId, 'completed')).toMatchObject({ phase: 'completed' });
    await next.stop();
  }, 60_000);
});
