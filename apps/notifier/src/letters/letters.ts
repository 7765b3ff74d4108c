import type { DataOf } from '@scheduled-scripts/contracts';
import { failureWords, type FailedSite } from './failure-words.js';
import type { Letter, Part } from './letter.js';

/** What a letter says of the script that it is about. */
export interface Subject {
  readonly scriptId: string;
  readonly description: string;
  readonly launchAt: string;
  readonly sites: number;
  readonly script: string;
}

/** A list of ten thousand sites is read by nobody; the others are a request away. */
const mostSitesNamed = 200;

const instant = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
const sitesInWords = (count: number): string => (count === 1 ? '1 site' : `${count} sites`);
const paragraph = (text: string): Part => ({ kind: 'paragraph', text });

const factsOf = ({ scriptId, description, launchAt, sites }: Subject, ...more: readonly (readonly [string, string])[]): Part => ({
  kind: 'facts',
  facts: [['Description', description], ['Launch', instant(launchAt)], ['Sites', String(sites)], ...more, ['Script id', scriptId]],
});

export const approvalWanted = (subject: Subject, { version }: { readonly version: number }, askedBy: string): Letter => ({
  subject: `Approval wanted: ${subject.description}`,
  urgent: false,
  parts: [
    paragraph(
      `A script is to run at ${sitesInWords(subject.sites)} at ${instant(subject.launchAt)}. It will not run unless you or another approver approves it before then.`,
    ),
    { kind: 'approval-link' },
    factsOf(subject, ['Version', String(version)], ['Asked by', askedBy]),
    paragraph(
      `What you approve is version ${version}, as it stands below; a change of it has to be approved anew. If you are asked more than once about it, the link of any of the mails will do, and approving once is enough. The link is yours alone: whoever has it approves in your name, so do not pass this mail on.`,
    ),
    { kind: 'verbatim', text: subject.script },
  ],
});

export const waitsForApproval = (subject: Subject, { approvers }: { readonly approvers: readonly string[] }, askedBy: string): Letter => ({
  subject: `Waits for approval: ${subject.description}`,
  urgent: false,
  parts: [
    paragraph(
      `A script is to run at ${sitesInWords(subject.sites)} at ${instant(subject.launchAt)}, if it is approved before then. You need not do anything.`,
    ),
    factsOf(subject, ['Asked by', askedBy], ['Asked to approve', approvers.join(', ')]),
  ],
});

export const launched = (
  subject: Subject,
  { trigger, windowEndsAt }: DataOf<'scheduled-script.launched.v1'>,
  at: string,
  by: string,
): Letter => ({
  subject: `Launched: ${subject.description}`,
  urgent: false,
  parts: [
    paragraph(
      `The script was launched ${trigger === 'schedule' ? 'on schedule' : `by hand by ${by}`} and now runs at ${sitesInWords(subject.sites)}. You will be told how it went.`,
    ),
    factsOf(subject, ['Launched', instant(at)], ['Starts at no site after', instant(windowEndsAt)]),
  ],
});

export const launchMissed = (subject: Subject): Letter => ({
  subject: `NOT LAUNCHED: ${subject.description}`,
  urgent: true,
  parts: [
    paragraph(
      `The script was NOT launched. The system could not launch it at ${instant(subject.launchAt)} nor in the time of grace after that, and has cancelled it. Nothing was run at any site.`,
    ),
    paragraph('It will not be launched by itself any more. If it is still wanted, create it again with a new time.'),
    factsOf(subject),
  ],
});

export const cancelled = (subject: Subject, at: string, by: string): Letter => ({
  subject: `Cancelled: ${subject.description}`,
  urgent: false,
  parts: [
    paragraph(`The script was cancelled and will not run. Nothing was run at any site.`),
    factsOf(subject, ['Cancelled', instant(at)], ['Cancelled by', by]),
  ],
});

const failuresInWords = (failedSites: readonly FailedSite[]): string[] =>
  failedSites.slice(0, mostSitesNamed).map(({ siteId, reason }) => `${siteId} ${failureWords[reason]} (${reason})`);

export const rolloutEnded = (
  subject: Subject,
  { completed, failed, failedSites }: DataOf<'scheduled-script.rollout-completed.v1'>,
): Letter => {
  const result = {
    kind: 'facts',
    facts: [
      ['Completed', String(completed)],
      ['Failed', String(failed)],
    ],
  } as const;
  if (failed === 0) {
    return {
      subject: `Completed: ${subject.description}`,
      urgent: false,
      parts: [paragraph(`The script has run at ${sitesInWords(completed)}, without a failure.`), result, factsOf(subject)],
    };
  }
  const unnamed = failed - Math.min(failedSites.length, mostSitesNamed);
  return {
    subject: `Failed at ${failed} of ${sitesInWords(completed + failed)}: ${subject.description}`,
    urgent: true,
    parts: [
      paragraph(`The rollout has ended. It failed at ${failed} of ${sitesInWords(completed + failed)}.`),
      result,
      { kind: 'list', items: failuresInWords(failedSites) },
      ...(unnamed > 0 ? [paragraph(`And at ${sitesInWords(unnamed)} more, which the list of its executions names.`)] : []),
      factsOf(subject),
    ],
  };
};
