import type { ScheduledScript } from '@scheduled-scripts/domain';
import { html, type HtmlPage, oneLine } from '@scheduled-scripts/platform';
import type { ApprovalRefusal } from '../approval-refusal.js';
import { approvalsPage } from './page.js';
import { launchInWords, minuteInWords } from './words.js';

interface Said {
  readonly title: string;
  readonly what: string;
  /** What to do now. */
  readonly next: string;
}

type WithScript = Extract<ApprovalRefusal, { readonly script: ScheduledScript }>;

/** 410: this link will never be good again. 409: what stands in the way may be changed. */
const statuses: Readonly<Record<ApprovalRefusal['why'], 403 | 404 | 409 | 410>> = {
  unknown: 404,
  not_approver: 403,
  author: 403,
  launch_time_passed: 409,
  approved: 410,
  launched: 410,
  cancelled: 410,
  changed: 410,
  asked_often: 410,
};

const saidOf = (refusal: WithScript, now: number): Said => {
  const { why, script } = refusal;
  switch (why) {
    case 'author':
      return {
        title: 'Somebody else has to approve',
        what: 'You have written or changed this script, and nobody approves what they wrote.',
        next: 'Ask another approver.',
      };
    case 'launch_time_passed':
      return {
        title: 'The time of its launch has passed',
        what: `The script was to be launched ${launchInWords(script, now)}. Nobody approved it before then, so it was not launched, and it will not be.`,
        next: 'If it is still wanted, its author gives it a new time and asks again.',
      };
    case 'approved':
      return {
        title: 'It is approved already',
        what: `The script is scheduled: ${launchInWords(script, now)}.`,
        next: 'You need not do anything. If it should not run, whoever may delete scripts can cancel it until then.',
      };
    case 'launched':
      return {
        title: 'It has been launched',
        what: `The script was approved and launched${script.launchedAt === null ? '' : ` on ${minuteInWords(script.launchedAt)}`}.`,
        next: 'There is nothing left to approve. Those who are to be notified are told by mail how it goes.',
      };
    case 'cancelled':
      return {
        title: 'It was cancelled',
        what: `The script was cancelled${script.cancelledAt === null ? '' : ` on ${minuteInWords(script.cancelledAt)}`} and will not run.`,
        next: 'You need not do anything.',
      };
    case 'changed':
      return {
        title: 'The script has been changed',
        what: 'What this link would have approved no longer stands, so that nobody approves what they have not seen.',
        next: 'You get a new mail when its author asks for approval of the new version.',
      };
    case 'asked_often':
      return {
        title: 'There are newer requests',
        what: 'Approval of this script has been asked for very often since, and this link is too old by now.',
        next: 'Use the link of the newest mail about it.',
      };
    default:
      return why satisfies never;
  }
};

const nothingHere: Said = {
  title: 'This link leads nowhere',
  what: 'It is not complete, it is not from us, or what it was about is not there.',
  next: 'Open the link in the mail itself, or copy the whole of it. If that does not help, ask for a new one.',
};

const noApprover: Said = {
  title: 'You may not approve',
  what: 'Whoever got this link may not approve scripts any more, as far as we know.',
  next: 'If that is wrong, ask those who run this service to put it right, and open the link again.',
};

export const messagePage = ({ title, what, next }: Said, about: string | null = null): HtmlPage =>
  approvalsPage(
    title,
    html`<main>
      ${about === null ? null : html`<p class="kind">${about}</p>`}
      <h1>${title}</h1>
      <p>${what}</p>
      <p>${next}</p>
    </main>`,
  );

export const refusalPage = (refusal: ApprovalRefusal, now: number): HtmlPage & { readonly status: number } => {
  const status = statuses[refusal.why];
  if (!('script' in refusal)) return { status, ...messagePage(refusal.why === 'unknown' ? nothingHere : noApprover) };
  return { status, ...messagePage(saidOf(refusal, now), oneLine(refusal.script.description)) };
};
