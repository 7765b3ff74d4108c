import {
  addMillis,
  siteExecutionDecider,
  siteExecutionStream,
  type ExecutionOrder,
  type FailureReason,
  type SiteExecution,
  type SiteExecutionCommand,
  type SiteExecutionState,
  type Timestamp,
} from '@scheduled-scripts/domain';
import * as fc from 'fast-check';
import type { EventMessage } from '../messages/index.js';
import { idOf, Recorder } from './recorder.js';
import { sha256, type ScriptLife } from './script-life.js';

const moves = ['claim', 'prepare', 'issue', 'complete', 'fail', 'lose', 'break', 'abort', 'find-completed', 'find-failed'] as const;
type Move = (typeof moves)[number];

const commandOf = (move: Move, at: Timestamp): SiteExecutionCommand => {
  const owner = 'executor-1';
  const common = { at, by: 'service:device-executor' };
  const fail = (reason: FailureReason) => ({ type: 'fail', ...common, owner, reason, message: 'no such item (line 3)' }) as const;
  switch (move) {
    case 'claim':
      return { type: 'claim', ...common, owner };
    case 'prepare':
      return { type: 'prepare', ...common, owner, backup: { sha256: sha256(at), bytes: 12_000, takenAt: at } };
    case 'issue':
      return { type: 'issue', ...common, owner, routerUptimeSeconds: 500 };
    case 'complete':
      return { type: 'complete', ...common, owner };
    case 'fail':
      return fail('unreachable');
    case 'break':
      return fail('script_error');
    case 'lose':
      return fail('outcome_unknown');
    case 'abort':
      return { type: 'abort', ...common };
    case 'find-completed':
      return { type: 'resolve', ...common, outcome: 'completed' };
    case 'find-failed':
      return { type: 'resolve', ...common, outcome: 'failed', reason: 'script_error', message: 'found later' };
    default:
      return move satisfies never;
  }
};

/** What the topic of executions says of one run, in its order, and what the command side has folded in the end. */
export interface ExecutionLife {
  readonly execution: SiteExecution;
  readonly messages: readonly EventMessage[];
}

const live = (order: ExecutionOrder, from: Timestamp, wanted: readonly Move[]): ExecutionLife => {
  const recorder = new Recorder(order.organizationId);
  const messages: EventMessage[] = [];
  let state: SiteExecutionState = null;
  const decide = (command: SiteExecutionCommand): void => {
    const decision = siteExecutionDecider.decide(command, state);
    if (!decision.ok) return;
    for (const event of decision.events) {
      state = siteExecutionDecider.evolve(state, event);
      messages.push(recorder.record(siteExecutionStream(order.executionId), event));
    }
  };
  decide({ type: 'request', at: from, by: 'service:launcher', order });
  for (const [index, move] of wanted.entries()) decide(commandOf(move, addMillis(from, (index + 1) * 1_001)));
  const execution = state as SiteExecutionState;
  if (!execution) throw new Error('a life begins with its request');
  return { execution, messages };
};

/** The executions of a script's tests and, once it was launched, of its rollout; as far along as chance has it. */
export const executionLives = ({ script, tests }: ScriptLife): fc.Arbitrary<readonly ExecutionLife[]> => {
  const from = script.launchedAt ?? script.createdAt;
  const order = (kind: 'rollout' | 'test', siteId: string, number: number): ExecutionOrder => ({
    executionId: idOf(script.id, kind, siteId, number),
    scriptId: script.id,
    scriptVersion: script.version,
    scriptSha256: script.scriptSha256,
    organizationId: script.organizationId,
    siteId,
    kind,
    windowEndsAt: addMillis(from, 7_200_000),
    makeBackup: script.makeBackup,
    abortIfOffline: script.abortIfOffline,
  });
  const orders = [
    ...tests.map(({ siteId, number }) => order('test', siteId, number)),
    ...(script.launchedAt ? script.sites.map((siteId) => order('rollout', siteId, 0)) : []),
  ];
  const straight = fc.tuple(
    fc.constantFrom<Move>('complete', 'break', 'lose'),
    fc.constantFrom<Move>('find-completed', 'find-failed', 'abort'),
  );
  const wanted = fc.oneof(
    fc.array(fc.constantFrom(...moves), { maxLength: 8 }),
    fc
      .tuple(straight, fc.integer({ min: 1, max: 5 }))
      .map(([end, upTo]): Move[] => (['claim', 'prepare', 'issue', ...end] as const).slice(0, upTo)),
  );
  return fc.tuple(...orders.map(() => wanted)).map((lives) => orders.map((one, index) => live(one, from, lives[index] ?? [])));
};
