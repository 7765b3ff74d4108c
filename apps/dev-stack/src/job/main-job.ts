import type { Terminal } from '../terminal.js';
import { createApi, type Api } from './api.js';
import type { Connection } from '../stack/connection.js';
import { users } from '../stack/users.js';

/** The seed document's own example, byte for byte. */
export const seedScript = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';

export interface ExpectedOutcome {
  readonly siteId: string;
  readonly name: string;
  /** `null`: whatever a real router answers. */
  readonly expected: 'completed' | 'offline' | 'script_error' | null;
}

interface Script {
  readonly id: string;
  readonly status: string;
  readonly started_at: string | null;
  readonly progress: { readonly completed: readonly string[]; readonly failed: readonly string[]; readonly pending: readonly string[] };
}

interface Execution {
  readonly site_id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly message: string | null;
  readonly duration_ms: number | null;
}

/** Of the two faulty ones among the simulated routers, one refuses connections and one fails the script. */
export const expectations: Readonly<Record<string, ExpectedOutcome['expected']>> = {
  'router-11': 'offline',
  'router-12': 'script_error',
};

const launchInMillis = 5_000;
const patienceMillis = 180_000;

/** Asks again until `look` finds something; a step that is never observed is a failed one. */
const observe = async <T>(what: string, look: () => Promise<T | null>, withinMillis = 20_000): Promise<T> => {
  const deadline = Date.now() + withinMillis;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`not observed: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
};

const inList = async (api: Api, token: string, id: string): Promise<Script | null> =>
  ((await api.send('GET', '/scripts/scheduled', token)) as Script[]).find((script) => script.id === id) ?? null;

const watchRollout = async (api: Api, token: string, id: string, terminal: Terminal): Promise<Script> =>
  observe(
    'the end of the rollout',
    async () => {
      const script = await inList(api, token, id);
      if (!script) return null;
      const { completed, failed, pending } = script.progress;
      const total = completed.length + failed.length + pending.length;
      terminal.progress(completed.length, failed.length, total, `${completed.length} completed, ${failed.length} failed`);
      return total > 0 && pending.length === 0 ? script : null;
    },
    patienceMillis,
  );

const outcomeOf = (execution: Execution | undefined): string =>
  execution ? (execution.state === 'failed' ? (execution.reason ?? 'failed') : execution.state) : 'missing';

const report = (targets: readonly ExpectedOutcome[], executions: readonly Execution[], terminal: Terminal): string[] => {
  const bySite = new Map(executions.map((execution) => [execution.site_id, execution]));
  return targets.flatMap(({ siteId, name, expected }) => {
    const execution = bySite.get(siteId);
    const outcome = outcomeOf(execution);
    const took = execution?.duration_ms == null ? '' : ` in ${execution.duration_ms} ms`;
    terminal.detail(`${name.padEnd(12)} ${outcome}${took}${execution?.message ? `: ${execution.message}` : ''}`);
    return expected !== null && outcome !== expected ? [`${name} ended ${outcome} instead of ${expected}`] : [];
  });
};

/** One script's whole life, through the same HTTP that the gateway's clients use. Throws at the first step that is not observed. */
export const runMainJob = async (connection: Connection, targets: readonly ExpectedOutcome[], terminal: Terminal): Promise<void> => {
  const api = createApi(connection.baseUrl);
  const { author, approver, viewer } = connection.tokens;

  const created = (await api.send('POST', '/scripts/scheduled', author, {
    description: 'Weekly firewall rule update',
    script: seedScript,
    launch_at: new Date(Date.now() + launchInMillis).toISOString(),
    sites: targets.map(({ siteId }) => siteId),
    make_backup: true,
    abort_if_offline: true,
    notify: [users.approver.sub],
  })) as Script;
  terminal.step(`${users.author.sub} posted script ${created.id} for ${targets.length} sites: ${created.status}`);

  await api.send('GET', `/scripts/scheduled/${created.id}/authorize`, author);
  terminal.step(`asked ${users.approver.sub} for authorization`);

  const approved = (await api.send('POST', `/scripts/scheduled/${created.id}/authorize`, approver)) as Script;
  terminal.step(`${users.approver.sub} approved it: ${approved.status}`);

  await observe('the approved script in the list', async () => {
    const script = await inList(api, viewer, created.id);
    return script?.status === 'scheduled' || script?.status === 'launched' ? script : null;
  });
  terminal.step(`it stands in the list, launching in ${launchInMillis / 1_000} s after it was posted`);

  await observe('the launch', async () => {
    const script = await inList(api, viewer, created.id);
    return script?.status === 'launched' ? script : null;
  });
  terminal.step('launched');

  const ended = await watchRollout(api, viewer, created.id, terminal);
  const { completed, failed } = ended.progress;
  const executions = (await api.send('GET', `/scripts/scheduled/${created.id}/executions`, viewer)) as Execution[];
  const surprises = report(targets, executions, terminal);
  if (ended.started_at === null) surprises.push('started_at is missing');
  if (surprises.length > 0) throw new Error(surprises.join('; '));
  terminal.step(`ended: ${completed.length} completed, ${failed.length} failed`);
};

/** What the gateway would receive, byte for byte. */
export const listAsTheGatewayGetsIt = async (connection: Connection): Promise<string> => {
  const answer = await fetch(`${connection.baseUrl}/scripts/scheduled`, {
    headers: { authorization: `Bearer ${connection.tokens.viewer}` },
  });
  if (!answer.ok) throw new Error(`GET /scripts/scheduled: ${answer.status}`);
  return answer.text();
};
