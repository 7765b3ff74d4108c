import type { CreateScheduledScript, CreateSite, ScheduledScriptsApi } from '@scheduled-scripts/client';
import { clientsOf } from '../../job/clients.js';
import { runMainJob } from '../../job/main-job.js';
import { Rollout } from '../rollout.js';
import type { AccessStage } from './access-stage.js';

/** What the parameters of routes may name. */
export interface Names {
  readonly script: string;
  readonly execution: string;
  readonly site: string;
  readonly token: string;
}

export interface Belongings {
  /** Of the demo organization: a script in each state, the launched one with an execution that has a backup. */
  readonly ours: Names & {
    readonly unauthorized: string;
    readonly scheduled: string;
    readonly cancelled: string;
    readonly sites: readonly string[];
  };
  /** Of the other organization. Its script has not been launched. */
  readonly theirs: Names;
  /** Well-formed, and of nobody. */
  readonly nobodys: Names;
}

const later = '2090-01-01T00:00:00Z';

export const aScript = (site: string, over: Partial<CreateScheduledScript> = {}): CreateScheduledScript => ({
  description: 'A change',
  script: ':put 1',
  launch_at: later,
  sites: [site],
  ...over,
});

export const aSite = (over: Partial<CreateSite> = {}): CreateSite => ({
  name: 'Depot',
  host: '192.0.2.1',
  tls: 'none',
  username: 'runner',
  password: 'router-password',
  ...over,
});

const token = 'AQ'.repeat(80);

const silent = { step: () => undefined, detail: () => undefined, progress: () => undefined, failure: () => undefined };

/** Until whoever reads knows of it. */
const untilShown = (by: ScheduledScriptsApi, id: string, minVersion: number) =>
  by.getScheduledScript({ id, minVersion }, { patienceMillis: 60_000 });

const create = async (by: ScheduledScriptsApi, body: CreateScheduledScript): Promise<string> => {
  const { id } = (await by.createScheduledScript({ body })).data;
  await untilShown(by, id, 1);
  return id;
};

/** Makes them through the API, the first by the main job. */
export const makeBelongings = async ({ connection, targets, settings }: AccessStage): Promise<Belongings> => {
  await runMainJob(connection, targets, silent, settings.outbox);
  const { author, otherOrganization, viewer } = clientsOf(connection, { patienceMillis: 0 });
  const [launched] = (await viewer.listScheduledScripts()).data;
  const script = launched?.id ?? '';
  const sites = launched?.sites ?? [];
  const { data: executions } = await viewer.listExecutions({ id: script });
  const execution = executions.find(({ backup }) => backup !== null)?.id ?? '';
  const [site = ''] = sites;
  const unauthorized = await create(author, aScript(site, { test_site_id: site, notify: ['auth0|approver'] }));
  const { id: scheduled } = await Rollout.schedule(connection, { sites: [site] });
  const cancelled = await create(author, aScript(site));
  await author.cancelScheduledScript({ id: cancelled });
  await untilShown(author, cancelled, 2);

  const theirSite = (await otherOrganization.createSite({ body: aSite() })).data.id;
  const theirScript = await create(otherOrganization, aScript(theirSite));
  const nobodys = {
    script: '018f5bda-4690-7432-8472-358b2734f19b',
    execution: '018f5bda-4690-7432-8472-358b2734f19c',
    site: 'site_00000000000000000000',
    token,
  };
  return {
    ours: { script, execution, site, token, unauthorized, scheduled, cancelled, sites },
    theirs: { script: theirScript, execution: nobodys.execution, site: theirSite, token },
    nobodys,
  };
};
