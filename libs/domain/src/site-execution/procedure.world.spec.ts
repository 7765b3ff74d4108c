import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Happening, RouterWorld } from '../testing/router-world.js';

const run = fc.nat({ max: 1 });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { arbitrary: fc.constant<Happening>({ what: 'driver steps' }), weight: 12 },
  { arbitrary: fc.record({ what: fc.constant('wrapper steps'), run, ends: fc.constantFrom('ok', 'err') }), weight: 5 },
  { arbitrary: fc.record({ what: fc.constant('time passes'), millis: fc.constantFrom(500, 4_000, 10_000, 300_000) }), weight: 5 },
  fc.record({ what: fc.constant('job dies'), run }),
  fc.record({ what: fc.constant('reboot'), lostWrites: fc.nat({ max: 3 }) }),
  fc.constant<Happening>({ what: 'driver crashes' }),
);

/** Two starts: a network that has doubled the command. */
const history = fc.record({ starts: fc.constantFrom(1, 2), happenings: fc.array(happening, { maxLength: 60, size: 'max' }) });

const played = ({ starts, happenings }: { starts: number; happenings: readonly Happening[] }): RouterWorld => {
  const world = new RouterWorld(starts);
  for (const one of happenings) if (world.verdict === null) world.happens(one);
  return world;
};

const verdictOf = ({ verdict }: RouterWorld): string => (verdict?.outcome === 'failed' ? verdict.reason : (verdict?.outcome ?? 'none'));

/** Does the verdict hold, also once everything that is still on its way has arrived? */
const isTrue = (world: RouterWorld): boolean => {
  const runsAtVerdict = world.scriptRuns;
  const endedAtVerdict = world.scriptEnded;
  world.settle();
  const hasNotMoved = world.scriptRuns === runsAtVerdict;
  switch (verdictOf(world)) {
    case 'completed':
      return runsAtVerdict === 1 && hasNotMoved && endedAtVerdict === 'ok';
    case 'script_error':
      return runsAtVerdict === 1 && hasNotMoved && endedAtVerdict === 'err';
    case 'not_started':
      return world.scriptRuns === 0;
    case 'timeout':
    case 'outcome_unknown':
      return hasNotMoved;
    default:
      return verdictOf(world) === 'none';
  }
};

it('comes to verdicts that are true and stay true, whatever happens between two reads, and the script runs at most once', () => {
  fc.assert(
    fc.property(history, (one) => {
      const world = played(one);
      expect(isTrue(world)).toBe(true);
      expect(world.scriptRuns).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2_000 },
  );
});

it('comes to every verdict', () => {
  const verdicts = new Set(fc.sample(history, { numRuns: 3_000, seed: 1 }).map((one) => verdictOf(played(one))));
  expect([...verdicts].toSorted()).toEqual(['completed', 'none', 'not_started', 'outcome_unknown', 'script_error', 'timeout']);
});
