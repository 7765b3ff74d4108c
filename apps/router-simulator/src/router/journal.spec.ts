import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Journal, readJournal } from './journal.js';

const root = mkdtempSync(path.join(tmpdir(), 'journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const started = { kind: 'script-started', script: 's', execution: null, sourceSha256: '', uptimeMillis: 0 } as const;

describe('the journal', () => {
  it('goes on counting after a restart, and survives a torn line', () => {
    const file = path.join(root, 'journal.jsonl');
    const journal = new Journal(file, () => 0, true);
    journal.append({ ...started, run: journal.nextRun() });
    journal.append({ kind: 'booted', reason: 'test' });
    journal.close();
    appendFileSync(file, '{"at":"1970-01-01T00:00:00.000Z","kind":"scr');
    expect(readJournal(file)).toHaveLength(2);
    const again = new Journal(file, () => 5, true);
    again.append({ ...started, run: again.nextRun() });
    expect(again.read()).toEqual([
      { at: '1970-01-01T00:00:00.000Z', ...started, run: 1 },
      { at: '1970-01-01T00:00:00.000Z', kind: 'booted', reason: 'test' },
      { at: '1970-01-01T00:00:00.005Z', ...started, run: 2 },
    ]);
    again.close();
  });
});
