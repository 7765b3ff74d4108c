import { tMinus } from '@scheduled-scripts/contracts';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import { html, type HtmlPage, oneLine } from '@scheduled-scripts/platform';
import { approvalsPage } from './page.js';
import { instantInWords, sitesInWords } from './words.js';

export const approvedPage = (script: ScheduledScript, recipient: string, now: number): HtmlPage => {
  const description = oneLine(script.description);
  return approvalsPage(
    `Scheduled: ${description}`,
    html`<main>
      <p class="kind">Approved by ${oneLine(recipient)}</p>
      <h1>Scheduled: ${description}</h1>
      <div class="when">
        <h2>Launch</h2>
        <strong>${instantInWords(script.launchAt)}</strong> ${tMinus(script.launchAt, now)}, at ${sitesInWords(script)}
      </div>
      <p>
        You need not do anything more, and may close this page. A change of the script voids the approval: then you would be asked again.
      </p>
      <p class="quiet">Script id ${script.id}</p>
    </main>`,
  );
};
