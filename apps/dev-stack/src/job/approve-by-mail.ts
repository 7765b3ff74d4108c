import { setTimeout as pause } from 'node:timers/promises';
import type { CreateScheduledScript, ScheduledScriptsApi } from '@scheduled-scripts/client';
import { users } from '../stack/users.js';
import type { Terminal } from '../terminal.js';
import { approveByLink, type ApprovalPage } from './approve-by-link.js';
import { linkIn } from './outbox.js';

/** From opening the page to the button, generously. */
const decisionMillis = 1_000;

/** On a busy machine the mail may take longer than the launch is away; then people agree on a later time. */
const laterMillis = [30_000, 120_000, null] as const;

export interface ApprovalByMail {
  /** Who asks, and sets a later time. */
  readonly author: ScheduledScriptsApi;
  readonly id: string;
  readonly plan: CreateScheduledScript;
  /** Where the approver's mails are. */
  readonly outbox: string;
  readonly terminal: Terminal;
}

/** The approver reads the mail, opens its link, and presses the button. Rejects if that is not observed. */
export const approveByMail = async ({ author, id, plan, outbox, terminal }: ApprovalByMail): Promise<void> => {
  const { email, sub } = users.approver;
  const tried = new Set<string>();
  const linkBefore = async (deadline: number): Promise<string | null> => {
    for (; ; await pause(150)) {
      const link = linkIn(outbox, email, id);
      if (link !== null && !tried.has(link)) return link;
      if (Date.now() > deadline) return null;
    }
  };
  /** The mail about an earlier time may come after a later one was set: its link is void, and another is on its way. */
  const decideBefore = async (deadline: number): Promise<ApprovalPage | null> => {
    for (;;) {
      const link = await linkBefore(deadline);
      if (link === null) return null;
      tried.add(link);
      const page = await approveByLink(link, plan.script);
      if (page.status !== 410) return page;
    }
  };
  let launchAt = plan.launch_at;
  for (const later of laterMillis) {
    const page = await decideBefore(Date.parse(launchAt) - decisionMillis);
    if (page?.status === 200) {
      terminal.step(`${sub} opened the link in the mail and approved. ${page.title}`);
      return;
    }
    if (page !== null && page.status !== 409) throw new Error(`the link in the mail does not approve: ${page.status} ${page.title}`);
    if (later === null) break;
    launchAt = new Date(Date.now() + later).toISOString();
    await author.reviseScheduledScript({ id, body: { ...plan, launch_at: launchAt } });
    await author.requestAuthorization({ id });
    terminal.step(`${users.author.sub} set a later time, ${launchAt}, and asked again`);
  }
  throw new Error(`not observed: a link to approve by in the mail to ${email}`);
};
