import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Change, changesBy, ofType } from '../testing/changes.js';
import { backup, command, order, other, owner } from '../testing/executions.js';
import { minute } from '../testing/scripts.js';
import { laterOf } from '../timestamp.js';
import { failureReasons, startSaidBy } from './failure-reason.js';
import type { SiteExecutionCommand } from './site-execution.commands.js';
import { siteExecutionDecider } from './site-execution.decider.js';
import type { SiteExecutionEvent } from './site-execution.events.js';
import type { SiteExecutionState } from './site-execution.state.js';

type Changes = readonly Change<SiteExecutionState, SiteExecutionEvent, SiteExecutionCommand>[];

const who = fc.constantFrom(owner, other);
// Clocks of different services: time may even step back. The window ends at minute 180.
const at = fc.constantFrom(59, 61, 65, 66, 100, 170, 179, 180, 200).map(minute);
const reason = fc.constantFrom(...failureReasons);
const taken = fc.constantFrom(null, backup, { ...backup, takenAt: minute(64) });

const anyCommand: fc.Arbitrary<SiteExecutionCommand> = fc.oneof(
  fc.constant(command.request()),
  { arbitrary: who.map(command.claim), weight: 3 },
  { arbitrary: fc.record({ owner: who, backup: taken }).map(command.prepare), weight: 3 },
  { arbitrary: fc.record({ owner: who }).map(command.issue), weight: 4 },
  who.map(command.complete),
  fc.tuple(reason, who).map(([why, by]) => command.fail(why, null, by)),
  who.map((by) => command.fail('outcome_unknown', null, by)),
  fc.constant(command.abort()),
  fc.constant(command.resolveCompleted()),
  reason.map((why) => command.resolveFailed(why)),
);

const anyHistory = fc
  .array(
    fc.record({ given: anyCommand, at }).map(({ given, ...when }) => ({ ...given, ...when })),
    { maxLength: 25, size: 'max' },
  )
  .map((commands) => changesBy(siteExecutionDecider, [command.request(), ...commands]));

const always = (holds: (changes: Changes) => void) => {
  fc.assert(fc.property(anyHistory, holds), { numRuns: 200 });
};

describe('whatever two executors and a launcher ask in whatever order', () => {
  it('issues at most once, by the owner, prepared, inside the window', () => {
    always((changes) => {
      const issues = ofType(changes, 'site-execution.issued.v1');
      expect(issues.length).toBeLessThanOrEqual(1);
      for (const { command: asked, before, event } of issues) {
        expect(before).toMatchObject({ prepared: true, issued: null, finishedAt: null });
        expect(asked.at < order.windowEndsAt && event.at < order.windowEndsAt).toBe(true);
      }
    });
  });

  it('records no time before one that is recorded, so that nothing ends before it began', () => {
    always((changes) => {
      for (const { command: asked, before, event, after } of changes) {
        expect(event.at).toBe(laterOf(asked.at, before?.lastAt ?? asked.at));
        expect(after?.lastAt).toBe(event.at);
        const { issued = null, finishedAt = null } = after ?? {};
        expect(issued === null || finishedAt === null || issued.at <= finishedAt).toBe(true);
      }
    });
  });

  it('ends at most once, and afterwards only an unknown outcome is resolved, once', () => {
    always((changes) => {
      const types = changes.map(({ event }) => event.type);
      const end = types.findIndex((type) => type === 'site-execution.completed.v1' || type === 'site-execution.failed.v1');
      const after = end < 0 ? [] : types.slice(end + 1);
      expect([[], ['site-execution.resolved.v1']]).toContainEqual(after);
      for (const { before } of ofType(changes, 'site-execution.resolved.v1')) {
        expect(before?.failure?.reason).toBe('outcome_unknown');
      }
    });
  });

  it('completes only what was issued, and fails for no reason that the journal contradicts', () => {
    always((changes) => {
      for (const { before } of ofType(changes, 'site-execution.completed.v1')) expect(before?.issued).not.toBeNull();
      for (const { before, event } of ofType(changes, 'site-execution.failed.v1')) {
        expect(startSaidBy(event.data.reason)).not.toBe(before?.issued === null ? 'issued' : 'never issued');
      }
    });
  });

  it('never forgets that it was prepared or issued', () => {
    always((changes) => {
      for (const { before, after } of changes) {
        expect([false, after?.prepared]).toContain(before?.prepared ?? false);
        expect([null, after?.issued]).toContain(before?.issued ?? null);
      }
    });
  });

  it('repeats the ids of its script and site in every event', () => {
    const { executionId, scriptId, siteId, kind } = order;
    always((changes) => {
      for (const { event } of changes) expect(event.data).toMatchObject({ executionId, scriptId, siteId, kind });
    });
  });
});

it('reaches every event by such sequences', () => {
  const seen = new Set(fc.sample(anyHistory, { numRuns: 500, seed: 1 }).flatMap((changes) => changes.map(({ event }) => event.type)));
  expect(seen.size).toBe(7);
});
