import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { OutgoingMessage, Publisher } from '@scheduled-scripts/messaging';
import { eventually, Gate } from '@scheduled-scripts/messaging/testing';
import { createLogger, createMetrics } from '@scheduled-scripts/platform';
import { Checkpoint, LeadLost } from '../checkpoint/checkpoint.js';
import { checkpointMigrations } from '../checkpoint/checkpoint.migrations.js';
import { Stage } from '../testing/stage.js';
import { relay } from './relay.js';
import { RelayStatus } from './relay-status.js';

jest.setTimeout(60_000);

describe('relay', () => {
  let stage: Stage;
  let stop: AbortController;
  beforeEach(async () => {
    stage = await Stage.set();
    stop = new AbortController();
    await stage.database.migrate(checkpointMigrations);
  });
  afterEach(async () => {
    stop.abort();
    await stage.strike();
  });

  const run = (token: bigint, publisher: Publisher, lost = new AbortController().signal): Promise<unknown> => {
    const status = new RelayStatus(createMetrics('relay'), createLogger({ name: 'relay', level: 'silent' }), Date.now);
    const checkpoint = new Checkpoint(stage.database, 'relay', token);
    return relay({ store: stage.store, publisher }, checkpoint, status, { stop: stop.signal, lost }).catch((error: unknown) => error);
  };
  /** Publishes for real, but only once the gate is open: a process that is paused at the worst moment. */
  const held = (gate: Gate, onHeld: () => void): Publisher => {
    const publisher = stage.messaging.publisher();
    return {
      publish: async (messages: readonly OutgoingMessage[]) => {
        onHeld();
        await gate.opened;
        await publisher.publish(messages);
      },
      ping: () => publisher.ping(),
      close: () => publisher.close(),
    };
  };

  it.each([
    ['that does not know it yet', false],
    ['that has been told', true],
  ])('of an ex-leader %s repeats what it had begun and moves no checkpoint', async (_what, isTold) => {
    const [gate, lost] = [new Gate(), new AbortController()];
    let waiting = 0;
    await stage.append(1_200);
    const ex = run(
      1n,
      held(gate, () => waiting++),
      lost.signal,
    );
    await eventually('it is about to publish', () => waiting === 1);
    const heir = run(2n, stage.messaging.publisher());
    await stage.everythingArrives();
    await eventually('the heir has noted how far it is', () => stage.isAllChecked());
    if (isTold) lost.abort();
    gate.open();
    const outcome = await ex;
    await stage.append(10);
    for (const [key, ids] of await stage.everythingArrives()) expect([key, stage.log.firstOccurrences(key)]).toEqual([key, ids]);
    expect(outcome instanceof LeadLost).toBe(true);
    await eventually('the repeats are there too', () => stage.log.messages.length === 1_210 + 500);
    await eventually('the checkpoint is at the end', () => stage.isAllChecked());
    stop.abort();
    expect(await heir).toBeUndefined();
    expect(await run(1n, stage.messaging.publisher())).toBeInstanceOf(LeadLost);
  });
});
