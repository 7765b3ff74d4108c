import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { escapedHtml, oneLine, shownLines } from './shown-text.js';

const text = fc.string({ unit: 'binary', maxLength: 60 });

describe('text that others have written', () => {
  it('keeps to one line, and to its order', () => {
    expect(oneLine(' Move\r\nBcc: x\u2028the \u202egu\u0000ests ')).toBe('Move Bcc: x the gu ests');
    fc.assert(fc.property(text, (any) => expect(oneLine(any)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)));
  });

  it('keeps its lines and tabs, and hides nothing', () => {
    expect(shownLines('\ta\r\nb\u202e\rc\n')).toEqual(['\ta', 'b<U+202E><U+000D>c', '']);
    fc.assert(fc.property(text, (any) => expect(shownLines(any)).toHaveLength(any.split('\n').length)));
  });

  it('is no markup', () => {
    expect(escapedHtml(`<a href="x" title='y'>&</a>`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;');
    fc.assert(fc.property(text, (any) => expect(escapedHtml(any)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/)));
  });
});
