import { html, type Html } from '../pages/html.js';
import { pageOf, type HtmlPage } from '../pages/page.js';
import { errorsPageStyle } from './errors-page-style.js';

/** Where the page is, beside the reference; a `doc_url` leads to it and names a section. */
export const errorsPath = '/docs/errors';

/** A code of error answers, for whoever has met it. Words in backticks are names. */
export interface ExplainedProblem {
  readonly code: string;
  readonly type: string;
  readonly statuses: readonly number[];
  readonly meaning: string;
  /** What the client should do. */
  readonly remedy: string;
  /** What may be answered with it; words where that is no list. */
  readonly metBy: string | readonly { readonly method: string; readonly path: string; readonly summary: string }[];
}

const named = (text: string): readonly Html[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));

const statusOf = ({ statuses: [status = 0] }: ExplainedProblem): number => status;

const contents = (problems: readonly ExplainedProblem[]): Html => {
  const statuses = [...new Set(problems.map(statusOf))];
  const linksOf = (status: number): Html =>
    html`<ul>
      ${problems.filter((problem) => statusOf(problem) === status).map(({ code }) => html`<li><a href="#${code}">${code}</a></li>`)}
    </ul>`;
  return html`<nav class="card" aria-labelledby="codes-by-status">
    <h2 id="codes-by-status">All codes, by status</h2>
    <dl>
      ${statuses.map(
        (status) =>
          html`<dt>${status}</dt>
            <dd>${linksOf(status)}</dd>`,
      )}
    </dl>
  </nav>`;
};

const metByInWords = (metBy: ExplainedProblem['metBy']): Html =>
  typeof metBy === 'string'
    ? html`<p>${metBy}</p>`
    : html`<ul>
        ${metBy.map(({ method, path, summary }) => html`<li><code>${method} ${path}</code> ${summary}</li>`)}
      </ul>`;

const section = ({ code, type, statuses, meaning, remedy, metBy }: ExplainedProblem): Html =>
  html`<section class="card" id="${code}" aria-labelledby="${code}-title">
    <h2 id="${code}-title"><a href="#${code}">${code}</a></h2>
    <p class="quiet">${statuses.join(' or ')} · ${type}</p>
    <p>${named(meaning)}</p>
    <h3>What to do</h3>
    <p>${named(remedy)}</p>
    <h3>Answered by</h3>
    ${metByInWords(metBy)}
  </section>`;

/** A section for each code, whose `id` is the code. The address of the reference is relative: behind a gateway both have another. */
export const errorsPage = (problems: readonly ExplainedProblem[]): HtmlPage =>
  pageOf({
    title: 'Errors',
    style: errorsPageStyle,
    content: html`<main>
      <h1>Errors</h1>
      <p>
        An answer that is an error has a <code>code</code>. Programs go by it and the status, because <code>message</code> is for people and
        may change. Whoever asks for help names the <code>Request-Id</code> of the answer.
      </p>
      <p class="more">What can be asked is in the <a href="../docs">API reference</a>.</p>
      ${contents(problems)} ${problems.map(section)}
    </main>`,
  });
