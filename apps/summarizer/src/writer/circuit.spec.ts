import { describe, expect, it } from '@jest/globals';
import { Circuit } from './circuit.js';

const set = () => {
  const clock = { now: 1_000 };
  const circuit = new Circuit({ failures: 3, restMillis: 100, longestRestMillis: 300, now: () => clock.now });
  const fail = (times: number) => Array.from({ length: times }).forEach(() => circuit.failed());
  return { clock, circuit, fail };
};

describe('a circuit', () => {
  it('is closed until so many fail in a row', () => {
    const { circuit, fail } = set();
    fail(2);
    circuit.succeeded();
    fail(2);
    expect(circuit.admits()).toBe(true);
    fail(1);
    expect(circuit.admits()).toBe(false);
  });

  it('lets one try after the rest, and everybody when that went well', () => {
    const { clock, circuit, fail } = set();
    fail(3);
    clock.now += 99;
    expect(circuit.admits()).toBe(false);
    clock.now += 1;
    expect([circuit.admits(), circuit.admits()]).toEqual([true, false]);
    circuit.succeeded();
    expect([circuit.admits(), circuit.admits()]).toEqual([true, true]);
  });

  it('rests longer and longer, but not for ever', () => {
    const { clock, circuit, fail } = set();
    fail(3);
    const rests: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const began = clock.now;
      while (!circuit.admits()) clock.now += 1;
      rests.push(clock.now - began);
      fail(1);
    }
    expect(rests).toEqual([100, 200, 300, 300]);
  });

  it('takes no notice of failures of those that had been admitted before it opened', () => {
    const { clock, circuit, fail } = set();
    fail(10);
    clock.now += 100;
    expect(circuit.admits()).toBe(true);
  });

  it('lets another one try when the first never comes back', () => {
    const { clock, circuit, fail } = set();
    fail(3);
    clock.now += 100;
    expect(circuit.admits()).toBe(true);
    clock.now += 100;
    expect(circuit.admits()).toBe(true);
  });
});
