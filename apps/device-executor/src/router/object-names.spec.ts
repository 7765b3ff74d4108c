import { describe, expect, it } from '@jest/globals';
import { commentOf, executionOfName, isOurs, markerText, objectNames } from './object-names.js';

const executionId = '0197c9a0-0000-5000-8000-000000000002';

describe('names', () => {
  it('say of which execution they are, each another', () => {
    const names = Object.values(objectNames(executionId));
    expect(names.map(executionOfName)).toEqual(names.map(() => executionId));
    // The files of a backup bear the name of the script, with endings.
    expect(new Set(names).size).toBe(names.length - 1);
    for (const ending of ['.rsc', '.backup', '.in_progress']) expect(executionOfName(`ax-${executionId}${ending}`)).toBe(executionId);
  });

  it.each([
    '',
    'ax-',
    'ax-1',
    `ax-${executionId}-q`,
    `ax-${executionId}-w-w`,
    `bx-${executionId}`,
    ` ax-${executionId}`,
    `ax-${executionId.toUpperCase()}`,
    `my-ax-${executionId}`,
    `ax-${executionId}0`,
  ])('of others are not ours: %j', (name) => {
    expect(executionOfName(name)).toBeNull();
  });
});

describe('comments', () => {
  it('say of which installation they are', () => {
    const comment = commentOf('main', executionId, 'prepared');
    expect(isOurs('main', comment)).toBe(true);
    for (const other of ['mai', 'main-2', 'staging', '']) expect(isOurs(other, comment)).toBe(false);
    expect(isOurs('main', undefined)).toBe(false);
    expect(isOurs('main', 'a note of somebody')).toBe(false);
  });

  it('hold the marker, whatever is in it', () => {
    const marker = 'err:failure: a:b "c"\nd';
    expect(markerText('main', executionId, commentOf('main', executionId, marker))).toBe(marker);
    expect(markerText('main', executionId, commentOf('staging', executionId, marker))).toBeNull();
    expect(markerText('main', 'another', commentOf('main', executionId, marker))).toBeNull();
    expect(markerText('main', executionId, undefined)).toBeNull();
  });
});
