import { describe, expect, it } from '@jest/globals';
import { Circuit } from './circuit.js';
import { explainer } from './explainer.summary-writer.js';
import { firstChoice, type FallbackReason } from './first-choice.summary-writer.js';
import { SummaryUnavailable, type SummaryWriter } from './summary-writer.js';

const script = '/system reboot';
const never = new AbortController().signal;

/** A writer that rejects with these, one after the other, and then writes. */
const set = (...failures: readonly unknown[]) => {
  const left = [...failures];
  const clock = { now: 0 };
  const asked = { times: 0 };
  const first: SummaryWriter = {
    name: 'language-model',
    write: () => {
      asked.times += 1;
      return left.length > 0 ? Promise.reject(left.shift()) : Promise.resolve('This script reboots.');
    },
  };
  const fallbacks: [FallbackReason, number | undefined][] = [];
  const circuit = new Circuit({ failures: 2, restMillis: 100, now: () => clock.now });
  const write = firstChoice({ first, second: explainer, circuit, onFallback: (...fallback) => void fallbacks.push(fallback) });
  return { write, fallbacks, clock, asked };
};

describe('the first choice', () => {
  const explained = { summary: 'This script reboots the router.', writer: 'explainer' };
  const modelled = { summary: 'This script reboots.', writer: 'language-model' };

  it('writes', async () => {
    const { write, fallbacks } = set();
    expect(await write(script, never)).toEqual(modelled);
    expect(fallbacks).toEqual([]);
  });

  it('gives way to the second whatever is wrong with it, and says what', async () => {
    const { write, fallbacks } = set(new SummaryUnavailable('busy', 429), new TypeError('a bug'));
    expect(await write(script, never)).toEqual(explained);
    expect(await write(script, never)).toEqual(explained);
    expect(await write(script, never)).toEqual(modelled);
    expect(fallbacks).toEqual([
      ['busy', 429],
      ['bug', undefined],
    ]);
  });

  it('is left alone for a while after it has failed again and again', async () => {
    const { write, fallbacks, clock, asked } = set(new SummaryUnavailable('timeout'), new SummaryUnavailable('unreachable'));
    for (let round = 0; round < 4; round += 1) expect(await write(script, never)).toEqual(explained);
    expect(asked.times).toBe(2);
    expect(fallbacks.map(([reason]) => reason)).toEqual(['timeout', 'unreachable', 'resting', 'resting']);
    clock.now = 100;
    expect(await write(script, never)).toEqual(modelled);
    expect(await write(script, never)).toEqual(modelled);
  });

  it('is not left alone for what scripts make it say', async () => {
    const { write, asked } = set(...Array.from({ length: 5 }, () => new SummaryUnavailable('unfit_answer')));
    for (let round = 0; round < 5; round += 1) expect(await write(script, never)).toEqual(explained);
    expect(await write(script, never)).toEqual(modelled);
    expect(asked.times).toBe(6);
  });

  it('is not followed by the second when nobody waits any more', async () => {
    const { write, fallbacks } = set(new SummaryUnavailable('timeout'));
    await expect(write(script, AbortSignal.abort())).rejects.toThrow('aborted');
    expect(fallbacks).toEqual([]);
  });
});
