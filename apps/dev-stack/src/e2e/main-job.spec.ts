import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readdirSync, readFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScheduledScriptJson } from '@scheduled-scripts/contracts';
import { startRouter, type RunningRouter } from '@scheduled-scripts/router-simulator';
import { mailIn } from '../job/outbox.js';
import { setFaults } from '../chaos/routers.js';
import { withoutCountdown } from '../chaos/facts.js';
import { familyOf, gone } from '../chaos/processes.js';
import { StackProcess } from '../chaos/stack-process.js';
import { newDataFolder } from './data-folder.js';

jest.setTimeout(120_000);

/** The seed document's, in its order. */
const fields = [
  'id created_by test_site_id make_backup abort_if_offline description summary script status authorized_at',
  'cancelled_at launch_at t_minus started_at sites notify progress created_at updated_at',
].flatMap((names) => names.split(' '));
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const summary = 'This script adds a firewall filter rule to drop input from the address list "blacklist".';
const site = expect.stringMatching(/^site_[0-9A-Za-z]{16,32}$/);

const dataFolder = newDataFolder();
const data = dataFolder.path;
const folder = mkdtempSync(join(tmpdir(), 'extra-router-'));
const password = 'nobody may read this';
let extra: RunningRouter;

beforeAll(async () => {
  extra = await startRouter({ name: 'extra', directory: folder, profile: { username: 'ops', password } });
});
afterAll(async () => {
  await extra.stop();
  await dataFolder.remove();
  rmSync(folder, { recursive: true, force: true });
});

const listOf = (stack: StackProcess): readonly ScheduledScriptJson[] => JSON.parse(stack.result) as ScheduledScriptJson[];

describe('the main job, told to end with it', () => {
  let first: ScheduledScriptJson | undefined;

  it('is observed step by step, and answers the list as the gateway would get it', async () => {
    const stack = new StackProcess(data, ['--once']);
    await stack.untilAnnounced();
    const family = familyOf(stack.pid);
    expect(await stack.untilEnded()).toBe(0);

    const list = listOf(stack);
    [first] = list;
    expect(list).toHaveLength(1);
    expect(stack.result).toBe(`${JSON.stringify(list)}\n`);
    expect(Object.keys(first ?? {})).toEqual(fields);
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      created_by: 'auth0|author',
      test_site_id: null,
      make_backup: true,
      abort_if_offline: true,
      description: 'Weekly firewall rule update',
      summary,
      script: '/ip firewall filter add action=drop chain=input src-address-list=blacklist',
      status: 'launched',
      authorized_at: timestamp,
      cancelled_at: null,
      launch_at: timestamp,
      t_minus: expect.stringMatching(/^\d+ (second|minute)s? ago$/),
      started_at: timestamp,
      sites: Array.from({ length: 12 }, () => site),
      notify: ['auth0|approver'],
      progress: { completed: first?.sites.slice(0, 10), failed: first?.sites.slice(10), pending: [] },
      created_at: timestamp,
      updated_at: timestamp,
    });

    const steps = stack.progress.split('\n').filter((line) => line.startsWith('* '));
    const expected = [
      `* auth0|author posted script ${first?.id} for 12 sites: unauthorized`,
      '* auth0|author asked auth0|approver for approval',
      '* auth0|approver opened the link in the mail and approved. Scheduled: Weekly firewall rule update',
      `* the list shows it, to be launched at ${first?.launch_at}`,
      '* launched',
      '* ended: 10 completed, 2 failed',
      '* mail to approver@demo.example: Failed at 2 of 12 sites: Weekly firewall rule update',
      `* in plain words: ${summary}`,
    ];
    expect(steps.slice(-expected.length)).toEqual(expected);
    expect(stack.progress).toContain('  [####################xxxx] 12/12: 10 completed, 2 failed\n');
    expect(stack.progress).toMatch(/^ {4}router-01 {4}completed in \d+ ms, backup of \d+ bytes$/m);
    expect(stack.progress).toMatch(/^ {4}router-11 {4}offline: .*ECONNREFUSED/m);
    expect(stack.progress).toMatch(/^ {4}router-12 {4}script_error in \d+ ms, backup of \d+ bytes: failure: out of memory/m);

    const mail = mailIn(join(data, 'mail'), 'approver@demo.example', first?.id ?? '', 'Failed at 2 of');
    expect(mail?.text).toContain(`\n- router-11 (${first?.sites[10]}) was offline; nothing was run (offline)`);
    expect(mail?.text).toContain(`\n- router-12 (${first?.sites[11]}) stopped in the middle of the script: `);

    await gone(family);
    expect(['connection.json', 'stack.pid', 'simulator/simulator.pid'].filter((name) => existsSync(join(data, name)))).toEqual([]);
  });

  it('finds its data and its routers again, takes another router along, and leaves the first script as it was', async () => {
    const { host, port } = extra.description;
    const stack = new StackProcess(data, ['--once', '--router', `${host}:${port}`, '--user', 'ops'], { ROUTER_PASSWORD: password });
    expect(await stack.untilEnded()).toBe(0);
    const [second, found, ...more] = listOf(stack);
    expect(more).toEqual([]);
    expect(withoutCountdown(found ?? { t_minus: '' })).toEqual(withoutCountdown(first ?? { t_minus: '' }));
    expect(second?.sites.slice(0, 12)).toEqual(first?.sites);
    expect(second?.progress).toEqual({
      completed: [...(first?.progress.completed ?? []), second?.sites[12]],
      failed: first?.progress.failed,
      pending: [],
    });
    expect(extra.rows('/ip/firewall/filter')).toContainEqual(expect.objectContaining({ action: 'drop', 'src-address-list': 'blacklist' }));
    const said = [stack.progress, stack.result, readFileSync(join(data, 'services.log'), 'utf8')];
    expect(said.filter((text) => text.includes(password))).toEqual([]);
  });

  it('ends with 1, and says which step was not observed', async () => {
    const stack = new StackProcess(data, ['--once']);
    await stack.untilAnnounced();
    await setFaults(data, 'router-03', { conditions: { refuse: true } });
    expect(await stack.untilEnded()).toBe(1);
    expect(stack.progress).toMatch(/^! not observed: router-03 ended offline instead of completed$/m);
    expect(stack.result).toBe('');
    expect(readdirSync(data)).not.toContain('connection.json');
  });
});
