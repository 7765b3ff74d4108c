import { describe, expect, it } from '@jest/globals';
import { oneLine } from '@scheduled-scripts/platform';
import * as fc from 'fast-check';
import { render, withLink, type Part } from './letter.js';

const partsOf = (text: string): readonly Part[] => [
  { kind: 'paragraph', text },
  { kind: 'facts', facts: [['Description', text]] },
  { kind: 'list', items: [text, text] },
  { kind: 'verbatim', text },
];
const rendered = (text: string) => render({ subject: text, urgent: false, parts: partsOf(text) });
const tagsOf = (html: string): readonly string[] => [...html.matchAll(/<([^>]*)>/g)].map(([, tag]) => tag ?? '');

const dangers = [
  '\r\nBcc: evil@example.com\r\n\r\n',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'&amp;",
  '\u202e',
  '\u2028',
];
const nasty = fc
  .array(fc.oneof(fc.constantFrom(...dangers), fc.string({ unit: 'binary' })), { maxLength: 6 })
  .map((parts) => parts.join(''));

describe('a letter', () => {
  it('says the same in text and in HTML', () => {
    const { text, html } = render({
      subject: 'Approval wanted',
      urgent: true,
      parts: [
        { kind: 'paragraph', text: 'A script wants your approval.' },
        {
          kind: 'facts',
          facts: [
            ['Sites', '3'],
            ['Script id', 'a & b'],
          ],
        },
        { kind: 'list', items: ['one', 'two'] },
        { kind: 'verbatim', text: ':if (1 < 2) do={\r\n\t:put "<x>"\r\n}' },
      ],
    });
    expect(text).toBe(
      'A script wants your approval.\n\nSites: 3\nScript id: a & b\n\n- one\n- two\n\n    :if (1 < 2) do={\n    \t:put "<x>"\n    }\n',
    );
    expect(html).toContain('<p>A script wants your approval.</p>');
    expect(html).toContain('>Script id</th><td>a &amp; b</td>');
    expect(html).toContain('<li>two</li>');
    expect(html).toContain('>:if (1 &lt; 2) do={\n\t:put &quot;&lt;x&gt;&quot;\n}</pre>');
  });

  it('gives nobody who is quoted in it a tag, a line or a header of their own', () => {
    const ours = tagsOf(rendered('x').html);
    fc.assert(
      fc.property(nasty, (text) => {
        const { subject, text: plain, html } = rendered(text);
        expect(tagsOf(html)).toEqual(ours);
        expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        const [paragraph, facts, list, ...verbatim] = plain.split('\n\n');
        expect([paragraph, facts]).toEqual([oneLine(text), `Description: ${oneLine(text)}`]);
        expect(list).toBe(`- ${oneLine(text)}\n- ${oneLine(text)}`);
        for (const line of verbatim.join('\n\n').trimEnd().split('\n')) expect(line === '' || line.startsWith('    ')).toBe(true);
      }),
    );
  });

  it('has the link of one approver in its place, and in no other', () => {
    const parts: Part[] = [...partsOf('a \u0001 b'), { kind: 'approval-link' }];
    const { text, html } = withLink(render({ subject: 'x', urgent: false, parts }), 'https://a.example/$&?<"');
    expect(text.match(/https:/g)).toHaveLength(1);
    expect(text).toContain('\nhttps://a.example/$&?<"\n');
    expect(html.match(/https:/g)).toHaveLength(2);
    expect(html).toContain('href="https://a.example/$&amp;?&lt;&quot;"');
  });

  it('shows what could hide how a script reads', () => {
    const { text, html } = rendered(':put "\u202egnihton\u0007"');
    expect(text).toContain('    :put "<U+202E>gnihton<U+0007>"');
    expect(html).toContain(':put &quot;&lt;U+202E&gt;gnihton&lt;U+0007&gt;&quot;</pre>');
  });
});
