import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@scheduled-scripts/messaging/testing';
import { type RelayProcess, Stage } from './testing/stage.js';

jest.setTimeout(90_000);

const isActive = async (relay: RelayProcess): Promise<boolean> => (await relay.metric('scheduled_scripts_relay_active')) === 1;

describe('event-relay', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.set();
  });
  afterEach(() => stage.strike());

  const expectInOrder = async (): Promise<void> => {
    const byKey = await stage.everythingArrives();
    for (const [key, ids] of byKey) expect([key, stage.log.firstOccurrences(key)]).toEqual([key, ids]);
  };

  it('puts what was there and what comes on the topics, each once, also of types it does not know', async () => {
    await stage.append(700);
    const relay = await stage.startRelay();
    await stage.append(50);
    await expectInOrder();
    expect(stage.log.messages.length).toBe(750);
    expect(await relay.metric('scheduled_scripts_relay_events_total')).toBe(750);
    expect(await relay.metric('scheduled_scripts_relay_odd_events_total')).toBe(249);
    await eventually('nothing is waiting', async () => (await relay.metric('scheduled_scripts_relay_lag_seconds')) === 0);
    await eventually('it is ready', () => relay.isReady());
  });

  it('goes on where it was after a stop, without repeating', async () => {
    const first = await stage.startRelay();
    await stage.append(100);
    await stage.everythingArrives();
    await first.service.stop();
    await stage.append(100);
    await stage.startRelay();
    await expectInOrder();
    expect(stage.log.messages.length).toBe(200);
  });

  it('skips and reorders nothing, wherever it is killed and another one goes on', async () => {
    const done = new AbortController();
    const writing = (async () => {
      for (let round = 0; round < 15; round++) await stage.append(60);
      done.abort();
    })();
    for (let number = 0; number < 5; number++) {
      const { link } = await stage.startRelay();
      const seen = stage.log.messages.length;
      await eventually('it relays', () => done.signal.aborted || stage.log.messages.length > seen + 40 + number * 7);
      link.cut();
    }
    await writing;
    await stage.startRelay();
    await expectInOrder();
  });

  it('hands over to a standby when the active one dies, which then is not ready', async () => {
    const [leader, standby] = [await stage.startRelay(), await stage.startRelay()];
    await eventually('the first leads', () => isActive(leader));
    expect(await isActive(standby)).toBe(false);
    await eventually('the standby is ready too', () => standby.isReady());
    await stage.append(50);
    await stage.everythingArrives();
    leader.link.cut();
    await stage.append(50);
    await eventually('the standby leads', () => isActive(standby));
    await expectInOrder();
    await eventually('the dead one says so', async () => !(await leader.isReady()));
  });

  it('lets an active relay that was paused do no more than repeat', async () => {
    const [leader, heir] = [await stage.startRelay(), await stage.startRelay()];
    await stage.append(30);
    await stage.everythingArrives();
    const writing = stage.append(300);
    await eventually('it is at work', () => stage.log.messages.length > 50);
    leader.link.stall();
    await writing;
    await eventually('the other leads', () => isActive(heir));
    await stage.everythingArrives();
    await eventually('it has noted how far it is', () => stage.isAllChecked());
    leader.link.restore();
    await eventually('the paused one stands by', async () => !(await isActive(leader)));
    await stage.append(30);
    await expectInOrder();
    expect(await isActive(heir)).toBe(true);
    await eventually('the checkpoint is at the end', () => stage.isAllChecked());
  });

  it('says how it is during an outage, and gets over it alone', async () => {
    const relay = await stage.startRelay();
    await stage.append(30);
    await stage.everythingArrives();
    await eventually('it is ready', () => relay.isReady());
    relay.link.cut();
    await eventually('it is not ready', async () => !(await relay.isReady()));
    await stage.append(30);
    relay.link.restore();
    await expectInOrder();
    await eventually('it is ready again', () => relay.isReady());
  });
});
