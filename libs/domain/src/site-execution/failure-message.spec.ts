import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { cleanMessage, scriptErrorMessage } from './failure-message.js';

const anyText = fc.string({ unit: 'binary', maxLength: 1_200 });

describe('a message in an event', () => {
  it.each([
    ['no such item (4)', 'no such item (4)'],
    ['  two\r\nlines\tof it ', 'two lines of it'],
    ['bell\u{7} and bidi \u{202e}drow', 'bell and bidi drow'],
    ['lone \u{d800} half', 'lone \u{fffd} half'],
    ['\u{0}\n', null],
    ['', null],
    [null, null],
  ])('%j becomes %j', (text, clean) => {
    expect(cleanMessage(text)).toBe(clean);
  });

  it('cuts between characters', () => {
    expect(cleanMessage(`${'x'.repeat(498)}😀😀`)).toBe(`${'x'.repeat(498)}…`);
  });

  it('fits, stays one line, and is clean already', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const clean = cleanMessage(text);
        expect(clean?.length ?? 0).toBeLessThanOrEqual(500);
        expect(clean ?? '').not.toMatch(/[\p{Control}\p{Surrogate}]/u);
        expect(cleanMessage(clean)).toBe(clean);
      }),
    );
  });
});

describe('the message of a script error', () => {
  it('says that earlier lines are applied, however long the error', () => {
    expect(scriptErrorMessage('no such item\n')).toBe('no such item (the lines before it are applied)');
    expect(scriptErrorMessage('')).toBe('the script stopped with an error (the lines before it are applied)');
    fc.assert(
      fc.property(anyText, (words) => {
        const message = scriptErrorMessage(words);
        expect(message).toMatch(/ \(the lines before it are applied\)$/);
        expect(cleanMessage(message)).toBe(message);
      }),
    );
  });
});
