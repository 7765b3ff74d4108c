import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asTimestamp, siteExecutionStream, type ExecutionOrder, type SiteExecutionCommand } from '@scheduled-scripts/domain';
import { v7 } from 'uuid';
import { siteExecutions, StoreUnavailable, type EventStore, type NewEvent } from '../index.js';
import { startTwoProcesses, type TwoProcesses } from './testing/two-processes.js';

const at = asTimestamp('2026-03-01T02:00:00.000000Z');
const context = { organizationId: 'org_1', correlationId: v7(), causationId: v7(), traceparent: '00-0a-0b-01' };
const signed = { at, by: 'service:launcher' };

const newOrder = (changes: Partial<ExecutionOrder> = {}): ExecutionOrder => ({
  executionId: v7(),
  scriptId: v7(),
  siteId: 'site_0000000000000001',
  kind: 'rollout',
  scriptVersion: 2,
  scriptSha256: 'a'.repeat(64),
  organizationId: 'org_1',
  windowEndsAt: asTimestamp('2026-03-01T05:00:00.000000Z'),
  makeBackup: false,
  abortIfOffline: false,
  ...changes,
});
const request = (order: ExecutionOrder): SiteExecutionCommand => ({ type: 'request', ...signed, order });
const claim = (owner: string): SiteExecutionCommand => ({ type: 'claim', at, by: 'service:device-executor', owner });

let processes: TwoProcesses;
let store: EventStore;
let others: EventStore;

beforeAll(async () => {
  processes = await startTwoProcesses();
  ({ store, others } = processes);
});
afterAll(() => processes.stop());

const stored = (order: ExecutionOrder) => store.read(siteExecutionStream(order.executionId));
const typesOf = async (order: ExecutionOrder) => (await stored(order)).map(({ type }) => type);

/** The same store, whose answers to appends get lost on the way, so many times. */
const losingAnswers = (times: number): EventStore => {
  let left = times;
  const lose = <T>(answer: T): T => {
    if (left-- > 0) throw new StoreUnavailable('the answer got lost');
    return answer;
  };
  return processes.storeWith({
    append: async (append) => lose(await store.append(append)),
    appendMany: async (appends) => lose(await store.appendMany(appends)),
  });
};

describe('a command', () => {
  it('becomes events that say who, when and in which conversation', async () => {
    const order = newOrder();
    const executions = siteExecutions(store);
    const decided = await executions.decide(order.executionId, request(order), context);
    expect(decided).toMatchObject({
      ok: true,
      revision: 0,
      state: { phase: 'requested' },
      events: [{ type: 'site-execution.requested.v1' }],
    });
    expect(await stored(order)).toMatchObject([
      { type: 'site-execution.requested.v1', data: order, metadata: { ...context, actor: 'service:launcher', at } },
    ]);
    expect(await executions.load(order.executionId)).toEqual(decided.state);
  });

  it('that changes nothing stores nothing', async () => {
    const order = newOrder();
    const executions = siteExecutions(store);
    await executions.decide(order.executionId, request(order), context);
    expect(await executions.decide(order.executionId, request(order), context)).toMatchObject({ ok: true, events: [], revision: 0 });
    expect(await stored(order)).toHaveLength(1);
  });

  it('that is refused stores nothing, and says why and about what', async () => {
    const order = newOrder();
    const executions = siteExecutions(store);
    expect(await executions.decide(order.executionId, claim('one'), context)).toEqual({
      ok: false,
      rejection: { code: 'execution_not_found' },
      state: null,
    });
    await executions.decide(order.executionId, request(order), context);
    const complete: SiteExecutionCommand = { type: 'complete', at, by: 'service:device-executor', owner: 'one' };
    expect(await executions.decide(order.executionId, complete, context)).toMatchObject({
      ok: false,
      rejection: { code: 'not_owner' },
      state: { phase: 'requested' },
    });
    expect(await stored(order)).toHaveLength(1);
  });
});

describe('of commands that race', () => {
  it('the losers are decided again on what the winner left', async () => {
    const order = newOrder();
    await siteExecutions(store).decide(order.executionId, request(order), context);
    const owners = ['a', 'b', 'c', 'd', 'e'];
    const decided = await Promise.all(
      owners.map((owner, index) => siteExecutions(index % 2 === 0 ? store : others).decide(order.executionId, claim(owner), context)),
    );
    expect(decided.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    const claims = (await stored(order)).slice(1).map(({ data }) => data['owner']);
    expect(new Set(claims)).toEqual(new Set(owners));
    expect(claims).toHaveLength(owners.length);
    expect(await siteExecutions(store).load(order.executionId)).toMatchObject({ owner: claims.at(-1) });
  });

  it('one issues, and the others are told so', async () => {
    const order = newOrder();
    const executions = siteExecutions(store);
    const by = { at, by: 'service:device-executor', owner: 'one' };
    await executions.decide(order.executionId, request(order), context);
    await executions.decide(order.executionId, claim('one'), context);
    await executions.decide(order.executionId, { type: 'prepare', ...by, backup: null }, context);
    const issued = await Promise.all(
      Array.from({ length: 6 }, () => executions.decide(order.executionId, { type: 'issue', ...by, routerUptimeSeconds: 1 }, context)),
    );
    expect(issued.filter(({ ok }) => ok)).toHaveLength(1);
    expect(issued.flatMap((one) => (one.ok ? [] : [one.rejection.code]))).toEqual(Array(5).fill('already_issued'));
    expect((await typesOf(order)).filter((type) => type === 'site-execution.issued.v1')).toHaveLength(1);
  });
});

describe('a command that was prepared', () => {
  it('is decided on what was loaded, without loading again', async () => {
    const order = newOrder();
    await siteExecutions(store).decide(order.executionId, request(order), context);
    const prepared = await siteExecutions(store).prepare(order.executionId);
    expect(prepared).toMatchObject({ revision: 0, state: { phase: 'requested' } });
    const unreadable = processes.storeWith({ read: () => Promise.reject(new Error('was read')) });
    const decided = await siteExecutions(unreadable).decide(order.executionId, claim('one'), context, prepared);
    expect(decided).toMatchObject({ ok: true, revision: 1, state: { owner: 'one' } });
  });

  it.each([
    ['would append', 'two'],
    ['had nothing to do', 'one'],
  ])('and %s is decided again on what has happened since', async (_, owner) => {
    const order = newOrder();
    const executions = siteExecutions(store);
    await executions.decide(order.executionId, request(order), context);
    await executions.decide(order.executionId, claim('one'), context);
    const prepared = await executions.prepare(order.executionId);
    await executions.decide(order.executionId, { type: 'abort', ...signed }, context);
    const late = await executions.decide(order.executionId, claim(owner), context, prepared);
    expect(late).toMatchObject({ ok: false, rejection: { code: 'execution_finished' } });
    expect(await typesOf(order)).toHaveLength(3);
  });

  it('and was to be refused is decided again on what there is now', async () => {
    const order = newOrder();
    const executions = siteExecutions(store);
    const prepared = await executions.prepare(order.executionId);
    expect(prepared).toEqual({ state: null, revision: 'no-stream' });
    await executions.decide(order.executionId, request(order), context);
    expect(await executions.decide(order.executionId, claim('one'), context, prepared)).toMatchObject({ ok: true, revision: 1 });
  });
});

describe('an answer that gets lost', () => {
  it('is asked for again, and the events are stored once', async () => {
    const order = newOrder();
    const decided = await siteExecutions(losingAnswers(3)).decide(order.executionId, request(order), context);
    expect(decided).toMatchObject({ ok: true, revision: 0 });
    expect(await stored(order)).toHaveLength(1);
  });

  it('for too long is StoreUnavailable, and the command may be given again', async () => {
    const order = newOrder();
    const cutOff = siteExecutions(losingAnswers(Infinity), { patienceMillis: 100 });
    await expect(cutOff.decide(order.executionId, request(order), context)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await siteExecutions(store).decide(order.executionId, request(order), context)).toMatchObject({ ok: true, events: [] });
    expect(await stored(order)).toHaveLength(1);
  });
});

const claimed = (order: ExecutionOrder, number: number): NewEvent => ({
  id: v7(),
  type: 'site-execution.claimed.v1',
  data: { executionId: order.executionId, scriptId: order.scriptId, siteId: order.siteId, kind: order.kind, owner: `owner-${number}` },
  metadata: { ...context, actor: 'service:device-executor', at },
});

describe('a stream', () => {
  it('of more than a page is read to its end', async () => {
    const order = newOrder();
    const stream = siteExecutionStream(order.executionId);
    const executions = siteExecutions(store);
    await executions.decide(order.executionId, request(order), context);
    for (const [expected, from] of [
      [0, 0],
      [1_000, 1_000],
    ] as const) {
      await store.append({ stream, expected, events: Array.from({ length: 1_000 }, (_, index) => claimed(order, from + index)) });
    }
    expect(await executions.load(order.executionId)).toMatchObject({ owner: 'owner-1999' });
    const history = await executions.history(order.executionId, 1_500);
    expect(history).toHaveLength(1_501);
    expect(history.at(-1)).toMatchObject({ event: { data: { owner: 'owner-1499' } }, recorded: { revision: 1_500 } });
    expect(await executions.history(order.executionId, 0)).toHaveLength(1);
  });

  it('may hold events of a later release: they change nothing here, and are built upon', async () => {
    const order = newOrder();
    const stream = siteExecutionStream(order.executionId);
    const executions = siteExecutions(store);
    await executions.decide(order.executionId, request(order), context);
    await store.append({ stream, expected: 0, events: [{ ...claimed(order, 1), type: 'site-execution.postponed.v3' }] });
    expect(await executions.decide(order.executionId, claim('one'), context)).toMatchObject({ ok: true, revision: 2 });
    expect(await executions.history(order.executionId)).toHaveLength(2);
  });
});

describe('asking for many executions at once', () => {
  it('stores each once, however often and from wherever it is asked', async () => {
    const orders = Array.from({ length: 1_200 }, () => newOrder());
    const answers = await Promise.all([
      siteExecutions(store).requestAll(orders, signed, context),
      siteExecutions(losingAnswers(1)).requestAll(orders.slice(0, 300), signed, context),
      siteExecutions(others).requestAll(orders.slice(600), signed, context),
    ]);
    for (const answer of answers.flat()) expect(answer).toMatchObject({ ok: true, state: { phase: 'requested' } });
    expect(answers.flat().flatMap((answer) => (answer.ok ? answer.events : []))).toHaveLength(1_200);
    const again = await siteExecutions(store).requestAll(orders, signed, context);
    expect(again.map((answer) => answer.ok && answer.events.length)).toEqual(Array(1_200).fill(0));
  });

  it('answers each for itself, in their order', async () => {
    const [known, claimedAlready, fresh] = [newOrder(), newOrder(), newOrder()];
    const executions = siteExecutions(store);
    await executions.requestAll([known, claimedAlready], signed, context);
    await executions.decide(claimedAlready.executionId, claim('one'), context);
    const answers = await executions.requestAll([{ ...known, scriptVersion: 9 }, claimedAlready, fresh, fresh], signed, context);
    expect(answers).toMatchObject([
      { ok: false, rejection: { code: 'execution_order_differs' } },
      { ok: true, events: [], state: { phase: 'claimed' }, revision: 1 },
      { ok: true, events: [{}], revision: 0 },
      { ok: true, events: [], revision: 0 },
    ]);
  });

  it('with none to ask for does nothing', async () => {
    expect(await siteExecutions(store).requestAll([], signed, context)).toEqual([]);
  });
});
