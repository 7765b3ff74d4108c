import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FaultsInput } from '@scheduled-scripts/router-simulator';
import { seedScript } from '../job/main-job.js';
import { journalOf, scriptStarts, setFaults } from '../chaos/routers.js';
import { StackProcess } from '../chaos/stack-process.js';
import type { Connection } from '../stack/connection.js';
import { newDataFolder } from './data-folder.js';
import { Rollout } from './rollout.js';

jest.setTimeout(120_000);

const whenSpokenTo = (effect: 'rubbish' | 'flood' | 'half-open'): FaultsInput => ({
  rules: [{ at: { point: 'command', path: '*', origin: 'api' }, effect: { kind: effect } }],
});

/** What is wrong with the first seven of ten. */
const faults: readonly FaultsInput[] = [
  { conditions: { silent: true } },
  { conditions: { reset: true } },
  whenSpokenTo('rubbish'),
  whenSpokenTo('flood'),
  { conditions: { latencyMillis: 200, jitterMillis: 100 } },
  { conditions: { chunkBytes: 1 } },
  { rules: [{ at: { point: 'command', path: '/ip/firewall/*', origin: 'script' }, effect: { kind: 'hang', milliseconds: 3_600_000 } }] },
];

const dataFolder = newDataFolder();
const data = dataFolder.path;
let stack: StackProcess;
let connection: Connection;
let sites: readonly string[];

const nameOf = (index: number): string => `router-${String(index + 1).padStart(2, '0')}`;

beforeAll(async () => {
  stack = new StackProcess(data);
  connection = await stack.untilAnnounced();
  sites = connection.routers.map(({ siteId }) => siteId);
  await stack.untilDone();
});
afterAll(async () => {
  await stack.kill('SIGTERM');
  await dataFolder.remove();
});

describe('routers that misbehave', () => {
  let rollout: Rollout;

  it('do not stop the others: a router that hangs, resets, answers rubbish or floods', async () => {
    await Promise.all(faults.map((fault, index) => setFaults(data, nameOf(index), fault)));
    rollout = await Rollout.launch(connection, { sites: sites.slice(0, 10), script: seedScript });
    const well = sites.slice(7, 10);
    await rollout.until('the end at the routers that are well', ({ completed }) => well.every((id) => completed.includes(id)));
    const { progress } = await rollout.until('the end at all but the one that hangs', ({ pending }) => pending.length === 1);
    expect(progress.pending).toEqual([sites[6]]);
  });

  it('fail with a reason; slow ones complete, and one that hangs in the script is still running', async () => {
    const bySite = new Map((await rollout.executions()).map((execution) => [execution.site_id, execution]));
    const outcomes = sites.slice(0, 10).map((id) => [bySite.get(id)?.state, bySite.get(id)?.reason]);
    expect(outcomes).toEqual([
      ['failed', 'offline'],
      ['failed', 'offline'],
      ['failed', 'offline'],
      ['failed', 'offline'],
      ['completed', null],
      ['completed', null],
      ['running', null],
      ['completed', null],
      ['completed', null],
      ['completed', null],
    ]);
  });

  it('are asked again where the script says so', async () => {
    await setFaults(data, nameOf(1), { rules: [{ at: { point: 'connect' }, times: 2, effect: { kind: 'reset' } }] });
    const patient = await Rollout.launch(connection, { sites: sites.slice(1, 2), abort_if_offline: false });
    await patient.until('its end', ({ completed }) => completed.length === 1);
    expect((await journalOf(data, nameOf(1))).filter(({ kind }) => kind === 'fault')).toHaveLength(2);
  });

  it('do not hold up the end of the stack, and are not asked twice after the next start', async () => {
    expect(await stack.kill('SIGINT')).toBe(130);

    // With the stack its routers go down: that is a reboot in the middle of the script.
    stack = new StackProcess(data);
    connection = await stack.untilAnnounced();
    rollout = rollout.through(connection);
    await rollout.until('the end at the one that hung', ({ pending }) => pending.length === 0);
    const hung = (await rollout.executions()).find(({ site_id: id }) => id === sites[6]);
    expect([hung?.state, hung?.reason]).toEqual(['failed', 'outcome_unknown']);
    const starts = (await scriptStarts(data)).filter(({ execution, script }) => execution === hung?.id && script === `ax-${execution}`);
    expect(starts).toHaveLength(1);
  });
});
