import { tMinus } from '@scheduled-scripts/contracts';
import { timestampOfMillis, type ScheduledScript } from '@scheduled-scripts/domain';
import { html, type Html, type HtmlPage, oneLine } from '@scheduled-scripts/platform';
import { mostSitesNamed, type OpenApproval } from '../approvals.js';
import { approvalsPage } from './page.js';
import { scriptText } from './script-text.js';
import { siteList } from './site-list.js';
import { durationInWords, instantInWords, minuteInWords, sitesInWords } from './words.js';

export interface ApprovalPageOptions {
  readonly executionWindowMillis: number;
  readonly now: number;
}

const fact = (label: string, value: Html | string): Html =>
  html`<div>
    <dt>${label}</dt>
    <dd>${value}</dd>
  </div>`;

const authorsInWords = ({ createdBy, authors }: ScheduledScript): string => {
  const others = authors.filter((author) => author !== createdBy).map(oneLine);
  return others.length === 0 ? oneLine(createdBy) : `${oneLine(createdBy)}, then ${others.join(', ')}`;
};

const backupInWords = ({ makeBackup }: ScheduledScript): Html | string =>
  makeBackup ? 'Taken first at each site' : html`<span class="warn">None is taken</span>`;

const offlineInWords = ({ abortIfOffline }: ScheduledScript, windowMillis: number): string =>
  abortIfOffline ? 'Fail at once' : `Tried again for ${durationInWords(windowMillis)}`;

const summaryInWords = (summary: string | null): Html =>
  summary === null
    ? html`<p class="quiet">There is no summary of this version. Read the script.</p>`
    : html`<p>${oneLine(summary)}</p>
        <p class="quiet">Written by a machine. What counts is the script.</p>`;

/** Everything that the decision is about, and the button that decides. */
export const approvalPage = (approval: OpenApproval, { executionWindowMillis, now }: ApprovalPageOptions): HtmlPage => {
  const { script, summary, recipient } = approval;
  const description = oneLine(script.description);
  const { size, text } = scriptText(script.script);
  const scheduled = instantInWords(script.launchAt);
  return approvalsPage(
    `Approve: ${description}`,
    html`<main>
        <p class="kind">A script waits for your approval</p>
        <h1>${description}</h1>
        <div class="when">
          <h2>Launch</h2>
          <strong>${scheduled}</strong> ${tMinus(script.launchAt, now)}, at ${sitesInWords(script)}
        </div>
        <dl class="facts">
          ${fact('Backup', backupInWords(script))} ${fact('Offline sites', offlineInWords(script, executionWindowMillis))}
          ${fact('Written by', authorsInWords(script))} ${fact(`Version ${script.version}`, `of ${minuteInWords(script.updatedAt)}`)}
        </dl>
        <section class="card" aria-labelledby="summary">
          <h2 id="summary">What it does</h2>
          ${summaryInWords(summary)}
        </section>
        <section class="card" aria-labelledby="script">
          <h2 id="script">Script · ${size}</h2>
          ${text}
        </section>
        <section class="card" aria-labelledby="sites">
          <h2 id="sites">Where · ${sitesInWords(script)}</h2>
          ${siteList(approval, mostSitesNamed)}
        </section>
        <p class="quiet">
          You are asked as ${oneLine(recipient)}. If you do not agree, close this page: what nobody approves is not launched. As of
          ${minuteInWords(timestampOfMillis(now))}. Script id ${script.id}.
        </p>
      </main>
      <div class="decide">
        <form method="post">
          <p id="consequence"><strong>${sitesInWords(script)}</strong> · ${scheduled}</p>
          <button type="submit" aria-describedby="consequence">Approve</button>
        </form>
      </div>`,
  );
};
