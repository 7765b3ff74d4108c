import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { ConfigStore, type Row } from './config-store.js';

const root = mkdtempSync(path.join(tmpdir(), 'config-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let files = 0;
const freshFile = (): string => path.join(root, `configuration-${++files}.jsonl`);
const menus = ['/a', '/b'];

interface Step {
  readonly menu: string;
  readonly kind: 'insert' | 'update' | 'remove' | 'move';
  readonly pick: number;
  readonly place: number;
  readonly value: string;
}

const steps = fc.array(
  fc.record<Step>({
    menu: fc.constantFrom(...menus),
    kind: fc.constantFrom('insert', 'insert', 'update', 'remove', 'move'),
    pick: fc.nat(20),
    place: fc.nat(20),
    value: fc.string({ maxLength: 5 }),
  }),
  { maxLength: 30 },
);

const play = (store: ConfigStore, { menu, kind, pick, place, value }: Step): void => {
  const rows = store.rows(menu);
  const chosen = rows[pick % Math.max(1, rows.length)];
  const before = place % 3 === 0 ? null : (rows[place % Math.max(1, rows.length)]?.id ?? null);
  if (kind === 'insert') store.insert(menu, { value }, before);
  else if (chosen && kind === 'update') store.update(menu, chosen.id, { value });
  else if (chosen && kind === 'remove') store.remove(menu, chosen.id);
  else if (chosen && before !== chosen.id) store.move(menu, chosen.id, before);
};

const everything = (store: ConfigStore): Row[][] => menus.map((menu) => [...store.rows(menu)]);

describe('the configuration on disk', () => {
  it('is the same after the process has died at any point', () => {
    fc.assert(
      fc.property(steps, (played) => {
        const file = freshFile();
        const store = new ConfigStore(file, () => 0);
        for (const step of played) play(store, step);
        const again = new ConfigStore(file, () => 0);
        expect(everything(again)).toEqual(everything(store));
        store.close();
        again.close();
      }),
      { numRuns: 60 },
    );
  });

  it('loses with the power exactly the writes after the cut', () => {
    fc.assert(
      fc.property(steps, fc.nat(30), (played, cut) => {
        let now = 0;
        const store = new ConfigStore(freshFile(), () => now);
        let expected = everything(store);
        for (const step of played) {
          now += 1;
          play(store, step);
          if (now <= cut) expected = everything(store);
        }
        store.forgetAfter(cut);
        expect(everything(store)).toEqual(expected);
        store.close();
      }),
      { numRuns: 60 },
    );
  });

  it('forgets a write that was torn', () => {
    const file = freshFile();
    const store = new ConfigStore(file, () => 0);
    store.insert('/a', { value: '1' });
    store.close();
    appendFileSync(file, '{"at":0,"menu":"/a","id":"*2","fie');
    const again = new ConfigStore(file, () => 0);
    expect(again.rows('/a')).toEqual([{ id: '*1', fields: { value: '1' } }]);
    again.close();
  });

  it('never gives an id twice, and stays short', () => {
    const file = freshFile();
    let now = 0;
    const store = new ConfigStore(file, () => now);
    const text = 'x'.repeat(50_000);
    let last = '';
    for (let turn = 0; turn < 200; turn += 1) {
      now += 10_000;
      last = store.insert('/a', { text });
      if (turn < 199) store.remove('/a', last);
    }
    expect(last).toBe('*C8');
    expect(readFileSync(file).length).toBeLessThan(5_000_000);
    store.forgetAfter(now - 15_000);
    expect(store.rows('/a')).toEqual([]);
    store.close();
  });
});
