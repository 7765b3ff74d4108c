import { escapedHtml, oneLine } from '@scheduled-scripts/platform';
import type { RenderedLetter } from './letter.js';

/** Items of a list that begin with a site. Whoever is quoted in a letter can begin no line of its text, and no item of its HTML. */
const itemInText = /^- (site_[0-9A-Za-z]{16,32})(?= )/gm;
const itemInHtml = /^<li>(site_[0-9A-Za-z]{16,32})(?= )/gm;

/** At most 80 characters of it: more tell nobody which router it is. */
const shownName = (name: string): string => oneLine(name).replace(/^(.{79}).{2,}$/u, '$1…');

/** The sites whose names the letter should say. */
export const sitesIn = ({ text }: Pick<RenderedLetter, 'text'>): readonly string[] => [
  ...new Set([...text.matchAll(itemInText)].map(([, siteId = '']) => siteId)),
];

/** The letter with the names of its sites, where they are known, before their ids. */
export const withSiteNames = <Rendered extends Pick<RenderedLetter, 'text' | 'html'>>(
  letter: Rendered,
  names: ReadonlyMap<string, string>,
): Rendered => {
  const called = (siteId: string): string => {
    const name = shownName(names.get(siteId) ?? '');
    return name === '' ? siteId : `${name} (${siteId})`;
  };
  return {
    ...letter,
    text: letter.text.replace(itemInText, (_, siteId: string) => `- ${called(siteId)}`),
    html: letter.html.replace(itemInHtml, (_, siteId: string) => `<li>${escapedHtml(called(siteId))}`),
  };
};
