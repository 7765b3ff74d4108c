import { html, type Html, oneLine } from '@scheduled-scripts/platform';
import type { OpenApproval } from '../approvals.js';
import { countInWords } from './words.js';

const atOnce = 6;

const entryOf = (siteId: string, name: string | undefined): Html =>
  name === undefined ? html`<li>${siteId}</li>` : html`<li>${oneLine(name)}<span>${siteId}</span></li>`;

const listed = (entries: readonly Html[]): Html =>
  html`<ul class="sites">
    ${entries}
  </ul>`;

/** The first few to be seen at once, more to be opened, and how many are not listed. */
export const siteList = ({ script: { sites }, siteNames }: Pick<OpenApproval, 'script' | 'siteNames'>, most: number): Html => {
  const entries = sites.slice(0, most).map((siteId) => entryOf(siteId, siteNames.get(siteId)));
  if (sites.length <= atOnce) return listed(entries);
  const rest = entries.slice(atOnce);
  const unlisted = sites.length - entries.length;
  return html`${listed(entries.slice(0, atOnce))}
    <details>
      <summary>Show ${unlisted > 0 ? `the next ${rest.length}` : countInWords(rest.length, 'more site')}</summary>
      ${listed(rest)}
    </details>
    ${unlisted > 0 ? html`<p class="quiet">Not listed on this page: ${countInWords(unlisted, 'further site')}.</p>` : null}`;
};
