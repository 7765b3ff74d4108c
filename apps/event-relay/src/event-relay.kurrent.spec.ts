import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { KurrentDouble } from '@scheduled-scripts/event-store/kurrent-double';
import { eventually } from '@scheduled-scripts/messaging/testing';
import { Stage } from './testing/stage.js';

jest.setTimeout(90_000);

describe('event-relay, when the events are in KurrentDB', () => {
  let double: KurrentDouble;
  let stage: Stage;
  const set = async (edition?: '23.10' | '26.1'): Promise<void> => {
    double = await KurrentDouble.start({ edition });
    stage = await Stage.set(`${double.url}&defaultDeadline=1000`);
  };
  afterEach(async () => {
    double.thaw();
    await stage.strike();
    await double.close();
  });

  const expectInOrder = async (): Promise<void> => {
    const byKey = await stage.everythingArrives();
    for (const [key, ids] of byKey) expect([key, stage.log.firstOccurrences(key)]).toEqual([key, ids]);
  };

  it.each(['23.10', '26.1'] as const)('puts what was there and what comes on the topics, each once: release %s', async (edition) => {
    await set(edition);
    await stage.append(200);
    const relay = await stage.startRelay();
    await stage.append(50);
    await expectInOrder();
    expect(stage.log.messages.length).toBe(250);
    await eventually('it is ready', () => relay.isReady());
  });

  it('goes on where it was after a stop, without repeating', async () => {
    await set();
    const first = await stage.startRelay();
    await stage.append(60);
    await stage.everythingArrives();
    await eventually('it has noted how far it is', () => stage.isAllChecked());
    await first.service.stop();
    await stage.append(60);
    await stage.startRelay();
    await expectInOrder();
    expect(stage.log.messages.length).toBe(120);
  });

  it.each(['23.10', '26.1'] as const)('skips and reorders nothing, wherever its subscription breaks: release %s', async (edition) => {
    await set(edition);
    await stage.startRelay();
    const done = new AbortController();
    const writing = stage.append(200).finally(() => done.abort());
    for (let seen = 20; !done.signal.aborted; seen = stage.log.messages.length + 20) {
      await eventually('it relays', () => done.signal.aborted || stage.log.messages.length >= seen);
      double.dropConnections();
    }
    await writing;
    await expectInOrder();
  });

  it('goes on when the server has been killed and is back', async () => {
    await set();
    const relay = await stage.startRelay();
    await stage.append(60);
    await eventually('it relays', () => stage.log.messages.length > 20);
    const writing = stage.append(60);
    await double.kill();
    await eventually('it is not ready', async () => !(await relay.isReady()));
    await double.restart();
    await writing;
    await expectInOrder();
    await eventually('it is ready again', () => relay.isReady());
  });

  it('says that a server stands still, and goes on with it', async () => {
    await set();
    const relay = await stage.startRelay();
    await stage.append(30);
    await stage.everythingArrives();
    double.freeze();
    await eventually('it is not ready', async () => !(await relay.isReady()));
    double.thaw();
    await stage.append(30);
    await expectInOrder();
    await eventually('it is ready again', () => relay.isReady());
  });

  it('stops rather than to go on from a position that the server does not have', async () => {
    await set();
    const relay = await stage.startRelay();
    await stage.append(30);
    await stage.everythingArrives();
    await eventually('it has noted how far it is', () => stage.isAllChecked());
    await relay.service.stop();
    await stage.database.query("UPDATE checkpoint SET position = 'kurrent:999999999/999999999'");
    const heir = await stage.startRelay();
    await stage.append(30);
    await eventually('it says so', async () => !(await heir.isReady()));
    expect(stage.log.messages.length).toBe(30);
  });
});
