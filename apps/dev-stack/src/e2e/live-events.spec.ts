import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ScheduledScript, SiteExecution } from '@scheduled-scripts/client';
import { withoutCountdown } from '../chaos/facts.js';
import { StackProcess } from '../chaos/stack-process.js';
import { clientsOf, type Clients } from '../job/clients.js';
import type { Connection } from '../stack/connection.js';
import { newDataFolder } from './data-folder.js';
import { Rollout } from './rollout.js';

jest.setTimeout(120_000);

const dataFolder = newDataFolder();
let stack: StackProcess;
let connection: Connection;
let clients: Clients;

/** What somebody knows who has only listened. */
class Listener {
  script: ScheduledScript | undefined;
  readonly executions = new Map<string, SiteExecution>();
  events = 0;
  private lastEventId: string | undefined;

  constructor(private readonly id: string) {}

  /** Goes on where it has left off, and leaves when it knows enough. */
  async listen(isEnough: () => boolean): Promise<void> {
    const { id, lastEventId } = this;
    for await (const event of clients.viewer.watchScheduledScript({ id, ...(lastEventId !== undefined && { lastEventId }) })) {
      this.events += 1;
      this.lastEventId = event.id;
      if (event.event === 'script') this.script = event.data;
      else this.executions.set(event.data.id, event.data);
      if (isEnough()) return;
    }
  }

  inState(...states: readonly SiteExecution['state'][]): number {
    return [...this.executions.values()].filter(({ state }) => states.includes(state)).length;
  }
}

beforeAll(async () => {
  stack = new StackProcess(dataFolder.path);
  connection = await stack.untilAnnounced();
  clients = clientsOf(connection);
  await stack.untilDone();
});
afterAll(async () => {
  await stack.kill('SIGTERM');
  await dataFolder.remove();
});

describe('a rollout', () => {
  it('can be followed through the gateway, from before its launch to its end, over a break', async () => {
    const sites = connection.routers.slice(0, 8).map(({ siteId }) => siteId);
    const { id } = await Rollout.schedule(connection, { sites, script: ':delay 2s' });
    const listener = new Listener(id);
    await listener.listen(() => listener.script?.status === 'scheduled');
    const running = listener.listen(() => listener.inState('running') > 0);
    await clients.approver.launchScheduledScript({ id });
    await running;
    expect(listener.script?.status).toBe('launched');
    expect(listener.inState('completed', 'failed')).toBeLessThan(sites.length);

    const isOver = () => listener.inState('completed', 'failed') === sites.length && listener.script?.progress.pending.length === 0;
    await listener.listen(isOver);
    const { data: executions } = await clients.viewer.listExecutions({ id });
    expect([...listener.executions.values()]).toEqual(expect.arrayContaining([...executions]));
    expect(executions).toHaveLength(sites.length);
    const { data: script } = await clients.viewer.getScheduledScript({ id });
    expect(listener.script && withoutCountdown(listener.script)).toEqual(withoutCountdown(script));

    const again = new Listener(id);
    await again.listen(() => again.executions.size === sites.length);
    expect(again.events).toBe(1 + sites.length);
  });

  it('is nobody else’s to follow', async () => {
    const { id } = await Rollout.schedule(connection, { sites: connection.routers.slice(0, 1).map(({ siteId }) => siteId) });
    const events = clients.otherOrganization.watchScheduledScript({ id });
    await expect(events.next()).rejects.toMatchObject({ status: 404, code: 'script_not_found' });
  });
});
