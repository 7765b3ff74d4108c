import { describe, expect, it } from '@jest/globals';
import { escapedHtml, oneLine } from '@scheduled-scripts/platform';
import * as fc from 'fast-check';
import { sites } from '../testing/told-script.js';
import { render, type Part } from './letter.js';
import { rolloutEnded } from './letters.js';
import { sitesIn, withSiteNames } from './named-sites.js';

const [first = '', second = ''] = sites(2);
const subject = { scriptId: 'script-1', description: `About ${first}`, launchAt: '2026-03-02T01:00:00.123456Z', sites: 2, script: '' };
const letter = render(
  rolloutEnded(subject, {
    completed: 0,
    failed: 2,
    failedSites: [
      { siteId: first, reason: 'offline' },
      { siteId: second, reason: 'script_error' },
    ],
  }),
);
const named = (name: string) => withSiteNames(letter, new Map([[first, name]]));
const tagsOf = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];
const firstItemIn = ({ text }: { readonly text: string }): string => /^- (.*) was offline;/m.exec(text)?.[1] ?? '';

const dangers = [
  `router\r\n- ${second} was offline; nothing was run (offline)`,
  '</li><li>',
  '<script>alert(1)</script>',
  '"&\'',
  '\u202e',
  '\u2028- ',
  '\u0001',
  '$1$&$<siteId>',
];
const nasty = fc
  .array(fc.oneof(fc.constantFrom(...dangers), fc.string({ unit: 'binary' })), { maxLength: 6 })
  .map((parts) => parts.join(''));

describe('the sites that a letter names', () => {
  it('have their names before their ids, and the ids alone where there is none', () => {
    expect(sitesIn(letter)).toEqual([first, second]);
    const { text, html } = named('router-12');
    expect(text).toContain(
      `- router-12 (${first}) was offline; nothing was run (offline)\n- ${second} stopped in the middle of the script: `,
    );
    expect(html).toContain(`<li>router-12 (${first}) was offline; nothing was run (offline)</li>\n<li>${second} stopped in the middle`);
    expect(withSiteNames(letter, new Map())).toEqual(letter);
    for (const blank of ['', ' ', '\u202e\u0000']) expect(named(blank)).toEqual(letter);
  });

  it('are those of its list, not those that somebody writes of', () => {
    const quoted = `- ${first} was offline\n<li>${first} was offline`;
    const parts: readonly Part[] = [
      { kind: 'paragraph', text: 'Somebody wrote:' },
      { kind: 'facts', facts: [['Description', quoted]] },
      { kind: 'verbatim', text: quoted },
    ];
    const other = render({ subject: quoted, urgent: false, parts });
    expect(sitesIn(other)).toEqual([]);
    expect(withSiteNames(other, new Map([[first, 'router-12']]))).toEqual(other);
    expect(named('router-12').text).toContain(`\nDescription: About ${first}\n`);
  });

  it('get no tag, no line and no item by what they are called', () => {
    const at = letter.text.split('\n').indexOf(`- ${first} was offline; nothing was run (offline)`);
    fc.assert(
      fc.property(nasty, (name) => {
        const { text, html } = named(name);
        expect(tagsOf(html)).toEqual(tagsOf(letter.html));
        expect(text.split('\n').with(at, '')).toEqual(letter.text.split('\n').with(at, ''));
        const item = text.split('\n')[at] ?? '';
        expect(item.endsWith(`${oneLine(name) === '' ? first : ` (${first})`} was offline; nothing was run (offline)`)).toBe(true);
        expect(item).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(html).toContain(`<li>${escapedHtml(item.slice(2))}</li>`);
      }),
    );
  });

  it('are called by 80 characters at most, each of them whole', () => {
    expect(firstItemIn(named('x'.repeat(80)))).toBe(`${'x'.repeat(80)} (${first})`);
    expect(firstItemIn(named('x'.repeat(81)))).toBe(`${'x'.repeat(79)}… (${first})`);
    expect(firstItemIn(named('🚀'.repeat(1_000)))).toBe(`${'🚀'.repeat(79)}… (${first})`);
  });
});
