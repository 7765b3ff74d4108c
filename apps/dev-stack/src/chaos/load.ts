import { setTimeout as rest } from 'node:timers/promises';
import { ProblemError } from '@scheduled-scripts/client';
import { clientsOf } from '../job/clients.js';
import { seedScript } from '../job/main-job.js';
import type { Connection } from '../stack/connection.js';

/** What clients were told, and so may rely on. */
export interface Acknowledged {
  readonly created: string[];
  readonly approved: string[];
  readonly cancelled: string[];
  /** Commands that were refused or got no answer: nobody may rely on them. */
  unanswered: number;
}

const pauseMillis = 250;

/**
 * Clients that go on while things break: scripts for a few routers each, launched in a few seconds, most approved, some cancelled
 * just before. What fails is not tried again: the next one comes.
 */
export const startLoad = (connection: Connection): { readonly acknowledged: Acknowledged; stop(): Promise<void> } => {
  const { author, approver } = clientsOf(connection, { patienceMillis: 0 });
  const acknowledged: Acknowledged = { created: [], approved: [], cancelled: [], unanswered: 0 };
  const sites = connection.routers.map(({ siteId }) => siteId);
  const stopping = new AbortController();

  const one = async (turn: number): Promise<void> => {
    const chosen = [0, 1].map((offset) => sites[(2 * turn + offset) % sites.length] ?? '');
    const plan = {
      description: `Load ${turn}`,
      script: seedScript,
      launch_at: new Date(Date.now() + 2_000 + (turn % 4) * 500).toISOString(),
      sites: chosen,
      // One of the routers is never there: its executions have to end all the same.
      abort_if_offline: true,
    };
    const { id } = (await author.createScheduledScript({ body: plan })).data;
    acknowledged.created.push(id);
    await approver.authorizeScheduledScript({ id });
    acknowledged.approved.push(id);
    if (turn % 5 !== 4) return;
    await author.cancelScheduledScript({ id });
    acknowledged.cancelled.push(id);
  };

  const work = (async () => {
    for (let turn = 0; !stopping.signal.aborted; turn += 1) {
      await one(turn).catch((error: unknown) => {
        // A late approval or cancellation is refused, a dead service answers nothing: both are as it should be.
        const expected = error instanceof ProblemError ? error.status === 409 || error.status >= 500 : true;
        if (!expected) throw error;
        acknowledged.unanswered += 1;
      });
      await rest(pauseMillis);
    }
  })();
  return {
    acknowledged,
    stop: async () => {
      stopping.abort();
      await work;
    },
  };
};
