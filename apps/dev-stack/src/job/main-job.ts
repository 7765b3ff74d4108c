import { setTimeout as pause } from 'node:timers/promises';
import { ProblemError, type ScheduledScript, type ScheduledScriptsApi } from '@scheduled-scripts/client';
import type { Connection } from '../stack/connection.js';
import type { Terminal } from '../terminal.js';
import { approveByMail } from './approve-by-mail.js';
import { clientsOf, type Clients } from './clients.js';
import { mailIn } from './outbox.js';
import { judge, type ExpectedOutcome } from './outcomes.js';
import { users } from '../stack/users.js';

/** The seed document's own example, byte for byte. */
export const seedScript = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';

const launchInMillis = 5_000;
const stepMillis = 20_000;
const patienceMillis = 180_000;
const summaryWaitMillis = 10_000;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Where nobody answers, or answers that he cannot now, asking again may help. */
const mayPass = (error: unknown): boolean => !(error instanceof ProblemError) || error.status >= 500;

/** Asks again until `look` finds something; a step that is never observed is a failed one. */
const observe = async <T>(what: string, look: () => Promise<T | null>, withinMillis = stepMillis): Promise<T> => {
  const deadline = Date.now() + withinMillis;
  for (let why = ''; ; await pause(150)) {
    try {
      const found = await look();
      if (found !== null) return found;
      why = '';
    } catch (error) {
      if (!mayPass(error)) throw error;
      why = ` (${messageOf(error)})`;
    }
    if (Date.now() > deadline) throw new Error(`not observed within ${withinMillis / 1_000} s: ${what}${why}`);
  }
};

const inList = async (api: ScheduledScriptsApi, id: string): Promise<ScheduledScript | null> =>
  (await api.listScheduledScripts()).data.find((script) => script.id === id) ?? null;

const watchRollout = async (api: ScheduledScriptsApi, id: string, terminal: Terminal): Promise<ScheduledScript> =>
  observe(
    'the end of the rollout',
    async () => {
      const script = await inList(api, id);
      if (!script) return null;
      const { completed, failed, pending } = script.progress;
      terminal.progress(completed.length, failed.length, completed.length + failed.length + pending.length);
      return completed.length + failed.length > 0 && pending.length === 0 ? script : null;
    },
    patienceMillis,
  );

/** Nothing waits for it but the list at the end, and that not for long. */
const tellSummary = async (api: ScheduledScriptsApi, id: string, terminal: Terminal): Promise<void> => {
  const look = async () => (await inList(api, id))?.summary ?? null;
  const summary = await observe('the summary', look, summaryWaitMillis).catch(() => null);
  terminal.step(summary === null ? 'nobody has said yet what it does' : `in plain words: ${summary}`);
};

/** One script's whole life, through the same HTTP that the gateway's clients use. Throws at the first step that is not observed. */
export const runMainJob = async (
  connection: Connection,
  targets: readonly ExpectedOutcome[],
  terminal: Terminal,
  outbox: string | null = null,
  { author, approver, viewer }: Clients = clientsOf(connection),
): Promise<void> => {
  const plan = {
    description: 'Weekly firewall rule update',
    script: seedScript,
    launch_at: new Date(Date.now() + launchInMillis).toISOString(),
    sites: targets.map(({ siteId }) => siteId),
    make_backup: true,
    abort_if_offline: true,
    notify: [users.approver.sub],
  };
  const { data: created } = await author.createScheduledScript({ body: plan });
  const { id } = created;
  terminal.step(`${users.author.sub} posted script ${id} for ${targets.length} sites: ${created.status}`);

  const mailed = async (subject: string): Promise<void> => {
    if (outbox === null) return;
    const { email } = users.approver;
    const found = await observe(`the mail "${subject}" to ${email}`, async () => mailIn(outbox, email, id, subject));
    terminal.step(`mail to ${email}: ${found.subject}`);
  };
  await author.requestAuthorization({ id });
  terminal.step(`${users.author.sub} asked ${users.approver.sub} for approval`);
  if (outbox === null) {
    const { data: approved } = await approver.authorizeScheduledScript({ id });
    terminal.step(`${users.approver.sub} approved it: ${approved.status}`);
  } else {
    await approveByMail({ author, id, plan, outbox, terminal });
  }

  const inListAs = (statuses: readonly string[], withinMillis?: number): Promise<ScheduledScript> =>
    observe(
      `the script in the list as ${statuses.join(' or ')}`,
      async () => {
        const script = await inList(viewer, id);
        return script && statuses.includes(script.status) ? script : null;
      },
      withinMillis,
    );
  const listed = await inListAs(['scheduled', 'launched']);
  if (listed.script !== seedScript) throw new Error(`the list shows another script: ${listed.script}`);
  terminal.step(`the list shows it, to be launched at ${listed.launch_at}`);
  // Where a later time had to be agreed on, that time comes first.
  await inListAs(['launched'], Math.max(0, Date.parse(listed.launch_at) - Date.now()) + stepMillis);
  terminal.step('launched');

  const ended = await watchRollout(viewer, id, terminal);
  const { completed, failed } = ended.progress;
  const { data: executions } = await viewer.listExecutions({ id });
  const surprises = judge(targets, executions, (line) => terminal.detail(line));
  if (ended.started_at === null) surprises.push('started_at is missing');
  if (surprises.length > 0) throw new Error(`not observed: ${surprises.join('; ')}`);
  terminal.step(`ended: ${completed.length} completed, ${failed.length} failed`);
  await mailed(failed.length === 0 ? 'Completed' : `Failed at ${failed.length} of`);
  await tellSummary(viewer, id, terminal);
};

/** What the gateway would receive, byte for byte. */
export const listAsTheGatewayGetsIt = async (connection: Connection): Promise<string> => {
  const answer = await fetch(`${connection.baseUrl}/scripts/scheduled`, {
    headers: { authorization: `Bearer ${connection.tokens.viewer}` },
  });
  if (!answer.ok) throw new Error(`GET /scripts/scheduled: ${answer.status}`);
  return answer.text();
};
