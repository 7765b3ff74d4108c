import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scheduledScriptStream } from '@scheduled-scripts/domain';
import { toMessage } from '@scheduled-scripts/contracts';
import { metric } from '@scheduled-scripts/platform/testing/metric';
import { outageFor, until } from '@scheduled-scripts/postgres/testing';
import { goodSummary, hangs, ModelServer, refuses, says } from './testing/model-server.js';
import { Stage } from './testing/stage.js';

const drop = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';
const dropped = 'This script adds a firewall filter rule to drop input from the address list "blacklist".';
const reboot = '/system reboot';
const rebooted = 'This script reboots the router.';

const total = (result: string) => `scheduled_scripts_summaries_total{result="${result}"`;
const fallbacks = (reason: string) => `scheduled_scripts_summary_fallbacks_total{reason="${reason}"`;
const waiting = 'scheduled_scripts_summaries_waiting';

describe('the summarizer', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.set();
  }, 30_000);
  afterEach(() => stage.strike(), 30_000);

  it('says what a script does, as a fact that follows from the script', async () => {
    await stage.start();
    const id = await stage.create(drop);
    await stage.tell(id);
    expect(await stage.summarized(id, drop)).toEqual([dropped]);
    const [created] = await stage.store.read(scheduledScriptStream(id));
    expect(await stage.summariesOf(id)).toMatchObject([
      {
        type: 'script-summary.summarized.v1',
        revision: 0,
        data: { scriptId: id, summary: dropped },
        metadata: {
          actor: 'service:summarizer',
          organizationId: 'org_1',
          correlationId: created?.metadata.correlationId,
          causationId: created?.id,
        },
      },
    ]);
  }, 30_000);

  it('follows the text and nothing else', async () => {
    const service = await stage.start();
    const id = await stage.create(drop);
    await stage.tell(id);
    await stage.summarized(id, drop);
    await stage.revise(id, drop, 'Another description');
    await stage.revise(id, reboot);
    await stage.tell(id);
    expect(await stage.summarized(id, reboot)).toEqual([dropped, rebooted]);
    await stage.revise(id, drop);
    await stage.tell(id);
    expect(await stage.summarized(id, drop)).toEqual([dropped, rebooted, dropped]);
    await until(async () => (await metric(service, total('summarized'))) === 3);
  }, 30_000);

  it('writes once for a text, however often and to however many it is told', async () => {
    const services = await Promise.all([stage.start(), stage.start(), stage.start()]);
    const ids = await Promise.all(Array.from({ length: 30 }, (_, index) => stage.create(`/system identity set name=R${index}`)));
    await Promise.all([stage.tell(...ids), stage.tell(...ids), stage.tell(...ids)]);
    for (const [index, id] of ids.entries()) {
      expect(await stage.summarized(id, `/system identity set name=R${index}`)).toEqual([
        `This script sets the system identity to "R${index}".`,
      ]);
    }
    await until(async () => (await metric(services[0], waiting)) === 0);
    for (const id of ids) expect(await stage.summariesOf(id)).toHaveLength(1);
  }, 30_000);

  it('leaves out what has been changed before its turn', async () => {
    const id = await stage.create(drop);
    await stage.revise(id, '/system shutdown');
    await stage.revise(id, reboot);
    await stage.tell(id);
    const service = await stage.start();
    expect(await stage.summarized(id, reboot)).toEqual([rebooted]);
    await until(async () => (await metric(service, total('outdated'))) === 2);
  }, 30_000);

  it('parks what it cannot read, and summarizes everything else', async () => {
    const service = await stage.start();
    const [sick, well] = await Promise.all([stage.create(drop), stage.create(reboot)]);
    const [created] = await stage.store.read(scheduledScriptStream(sick));
    if (created) await stage.messaging.publisher().publish([{ ...toMessage(created), value: '{}' }]);
    await stage.tell(well);
    expect(await stage.summarized(well, reboot)).toEqual([rebooted]);
    await until(async () => (await metric(service, 'scheduled_scripts_parked_keys')) === 1);
    expect(await stage.summariesOf(sick)).toEqual([]);
    expect(await stage.parked('list')).toEqual([0, expect.stringContaining(sick)]);
    expect(await stage.parked('replay', 'scheduled-script.events.v1', sick)).toEqual([1, expect.stringContaining('data_invalid')]);
    expect((await stage.parked('drop', 'scheduled-script.events.v1', sick))[0]).toBe(0);
    expect(await stage.parked('list')).toEqual([0, expect.not.stringContaining(sick)]);
  }, 30_000);

  it('refuses half a configuration', async () => {
    await expect(stage.start({ SUMMARY_MODEL_URL: 'http://127.0.0.1:1/v1' })).rejects.toThrow(
      'SUMMARY_MODEL: is needed with SUMMARY_MODEL_URL',
    );
    await expect(stage.start({ SUMMARY_MODEL_KEY: 'hunter2' })).rejects.toThrow('SUMMARY_MODEL_URL: is needed with SUMMARY_MODEL_KEY');
  });

  describe('with a language model', () => {
    let server: ModelServer;
    beforeEach(async () => {
      server = await ModelServer.start();
    });
    afterEach(() => server.stop());

    const model = () => ({ SUMMARY_MODEL_URL: server.url, SUMMARY_MODEL: 'small-1', SUMMARY_MODEL_KEY: 'sk-hunter2' });

    it('lets it write', async () => {
      const service = await stage.start(model());
      const id = await stage.create(drop);
      await stage.tell(id);
      expect(await stage.summarized(id, drop)).toEqual([goodSummary]);
      expect(await metric(service, 'scheduled_scripts_summaries_written_total{writer="language-model"')).toBe(1);
    }, 30_000);

    it('writes itself when that fails, says so, and asks no more for a while', async () => {
      server.behaviours = [refuses(401)];
      const service = await stage.start({ ...model(), SUMMARIES_AT_ONCE: '1' });
      const ids = await Promise.all(Array.from({ length: 8 }, () => stage.create(drop)));
      await stage.tell(...ids);
      for (const id of ids) expect(await stage.summarized(id, drop)).toEqual([dropped]);
      await until(async () => (await metric(service, fallbacks('resting'))) === 3);
      expect(await metric(service, fallbacks('refused'))).toBe(5);
      expect(server.requests).toHaveLength(5);
      expect((await fetch(`${service.healthUrl}/readyz`)).status).toBe(200);
      expect(stage.log).toContain('"reason":"refused","status":401');
      expect(stage.log).not.toMatch(/hunter2|blacklist/);
    }, 30_000);

    it('does not wait for it when it is to stop, and leaves the text to the next one', async () => {
      server.behaviours = [hangs];
      const service = await stage.start({ ...model(), SUMMARY_MODEL_TIMEOUT_MILLIS: '120000' });
      const id = await stage.create(drop);
      await stage.tell(id);
      await until(() => server.requests.length === 1);
      await service.stop();
      expect(await stage.summariesOf(id)).toEqual([]);
      await stage.start();
      expect(await stage.summarized(id, drop)).toEqual([dropped]);
    }, 30_000);

    it('has one summary of a text also when one is cut off in the middle of it', async () => {
      const answer: (() => void)[] = [];
      server.behaviours = [(response, request) => void answer.push(() => says(goodSummary)(response, request))];
      const link = await outageFor(stage.test.url);
      const first = await stage.start({ ...model(), SUMMARY_MODEL_TIMEOUT_MILLIS: '120000' }, link.url);
      const id = await stage.create(drop);
      await stage.tell(id);
      await until(() => answer.length === 1);
      await link.interrupt();
      const second = await stage.start();
      expect(await stage.summarized(id, drop)).toEqual([dropped]);
      await until(async () => (await metric(second, waiting)) === 0);

      // Back again, and answered at last, the first one finds that there is nothing left to do.
      await link.restore();
      await until(async () => (await fetch(`${first.healthUrl}/readyz`)).ok);
      answer[0]?.();
      const next = await stage.create(reboot);
      server.behaviours = [says(goodSummary)];
      await stage.tell(next);
      await stage.summarized(next, reboot);
      await first.stop();
      await link.close();
      expect(await stage.summariesOf(id)).toHaveLength(1);
    }, 40_000);
  });
});
