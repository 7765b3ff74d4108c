import { expect, it } from '@jest/globals';
import { parseVersion } from '@scheduled-scripts/routeros';
import { wrapperSource } from './wrapper-source.js';

const executionId = '0197c9a0-0000-5000-8000-000000000002';
const name = `ax-${executionId}`;
const comment = `ax:main:${executionId}`;

it('takes the ticket by its name, marks, runs, and marks what came of it', () => {
  expect(wrapperSource('main', executionId, parseVersion('7.19.4')).split('\n')).toEqual([
    `/system script remove "${name}-t"`,
    `/system script set "${name}" comment="${comment}:started"`,
    ':local failed false',
    `:onerror e in={ /system script run "${name}" } do={ :set failed true; ` +
      `:do { /system script set "${name}" comment=("${comment}:err:" . [:pick $e 0 200]) } ` +
      `on-error={ /system script set "${name}" comment="${comment}:err:" } }`,
    `:if (!$failed) do={ /system script set "${name}" comment="${comment}:ok" }`,
  ]);
});

it('uses nothing that came later than the router’s version', () => {
  for (const version of ['7.12.1', '6.49.18']) {
    const source = wrapperSource('main', executionId, parseVersion(version));
    expect(source).not.toContain(':onerror');
    // Paths with slashes between the words are of version 7.
    expect(source).not.toMatch(/\/system\/script/);
    expect(source).toContain(
      `:do { /system script run "${name}" } on-error={ :set failed true; /system script set "${name}" comment="${comment}:err:" }`,
    );
  }
});

it('has the ticket taken before anything else, and nothing between the run and its mark', () => {
  const lines = wrapperSource('main', executionId, parseVersion('7.19.4')).split('\n');
  expect(lines.findIndex((line) => line.includes(`${name}-t`))).toBe(0);
  expect(lines.filter((line) => line.includes('run "'))).toHaveLength(1);
  expect(lines.at(-1)).toContain(':ok');
});
