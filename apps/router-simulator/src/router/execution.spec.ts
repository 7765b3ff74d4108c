import { hash } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { RunningRouter } from '../fleet/running-router.js';
import type { ApiClient } from '../testing/api-client.js';
import { eventually, Fixture } from '../testing/fixture.js';
import type { JournalRecord } from './journal.js';

const fixture = new Fixture();
afterAll(() => fixture.end());

const execution = '018f5bda-4690-4432-8472-358b2734f19b';
const name = `ax-${execution}`;

const wrapper = (catching: string): string => `/system script remove "${name}-t"
/system script set "${name}" comment="ours:started"
${catching}`;

const modern = wrapper(`:onerror e in={
  /system script run "${name}"
  /system script set "${name}" comment="ours:ok"
} do={ /system script set "${name}" comment=("ours:err:" . $e) }`);
const ancient = wrapper(`:do {
  /system script run "${name}"
  /system script set "${name}" comment="ours:ok"
} on-error={ /system script set "${name}" comment="ours:err" }`);

const prepare = async (client: ApiClient, source: string, wrapped = modern): Promise<void> => {
  await client.ret('/system/script/add', `=name=${name}`, `=source=${source}`, '=comment=ours:prepared');
  await client.ret('/system/script/add', `=name=${name}-w`, `=source=${wrapped}`);
  await client.ret('/system/script/add', `=name=${name}-t`);
};

const marker = async (client: ApiClient): Promise<string | undefined> =>
  (await client.rows('/system/script/print', `?name=${name}`, '=.proplist=comment'))[0]?.['comment'];

const starts = (router: RunningRouter, script = name): JournalRecord[] =>
  router.journal().filter((entry) => entry.kind === 'script-started' && entry.script === script);

const launch = (client: ApiClient): Promise<string> => client.ret('/execute', `=script=/system script run ${name}-w`);

describe('running a script through a wrapper', () => {
  it('runs it once and leaves the marker, whoever is connected', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await prepare(client, '/ip firewall filter add action=drop chain=input src-address-list=blacklist\n:delay 200ms');
    await launch(client);
    client.close();

    const later = await fixture.session(router);
    const running = await later.rows('/system/script/job/print', '?type=command');
    expect(running.map((job) => job['script'])).toEqual([undefined, `${name}-w`, name]);
    await eventually(async () => (await marker(later)) === 'ours:ok');
    expect(await later.rows('/system/script/print', `?name=${name}-t`)).toEqual([]);
    expect(await later.rows('/ip/firewall/filter/print', '?src-address-list=blacklist')).toHaveLength(1);
    const [script] = await later.rows('/system/script/print', `?name=${name}`);
    expect(script?.['run-count']).toBe('1');
    await eventually(async () => (await later.rows('/system/script/job/print', '?type=command')).length === 0);

    const [start] = starts(router);
    const sha256 = hash('sha256', '/ip firewall filter add action=drop chain=input src-address-list=blacklist\n:delay 200ms');
    expect(start).toMatchObject({ execution, sourceSha256: sha256 });
  });

  it('stops a second start at the ticket', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await prepare(client, ':delay 50ms');
    await Promise.all([launch(client), launch(await fixture.session(router))]);
    await eventually(() => router.journal().filter((entry) => entry.kind === 'script-ended').length === 3);
    expect(starts(router)).toHaveLength(1);
    expect(starts(router, `${name}-w`)).toHaveLength(2);
  });

  it('marks the error with its text; earlier lines are applied', async () => {
    const client = await fixture.session(await fixture.router());
    await prepare(
      client,
      '/system identity set name=changed\n/ip address add address=1.2.3.4/24 interface=wan\n/system identity set name=never',
    );
    await launch(client);
    const text = await eventually(async () => {
      const comment = await marker(client);
      return comment?.startsWith('ours:err:') ? comment : null;
    });
    expect(text).toBe('ours:err:input does not match any value of interface (/ip/address/add (interface); line 2)');
    expect(await client.rows('/system/identity/print')).toEqual([{ name: 'changed' }]);
  });

  it('ends the wrapper too where the script says :exit', async () => {
    const router = await fixture.router({ profile: { version: '7.22.1 (stable)' } });
    const client = await fixture.session(router);
    await prepare(client, ':exit');
    await launch(client);
    await eventually(() => router.journal().filter((entry) => entry.kind === 'script-ended' && entry.outcome === 'exited').length === 2);
    expect(await marker(client)).toBe('ours:started');
  });

  it('cannot start once the ticket has been renamed', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await prepare(client, ':delay 1s');
    await client.ret('/system/script/set', `=numbers=${name}-t`, `=name=${name}-x`);
    await launch(client);
    await eventually(() => router.journal().find((entry) => entry.kind === 'script-ended' && entry.outcome === 'error'));
    expect(starts(router)).toEqual([]);
  });

  it('dies with its job, and the wrapper does not catch it', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await prepare(client, ':delay 1h');
    const job = await launch(client);
    await eventually(() => starts(router)[0]);
    await client.ret('/system/script/job/remove', `=.id=${job}`);
    await eventually(() => router.journal().filter((entry) => entry.kind === 'script-ended' && entry.outcome === 'killed').length === 2);
    expect(await marker(client)).toBe('ours:started');
    expect(await client.rows('/system/script/job/print', '?type=command')).toEqual([]);
  });

  it('is started by a one-shot schedule, on a router that has neither /execute nor :onerror', async () => {
    const router = await fixture.router({ profile: { version: '6.49.18 (long-term)' } });
    const client = await fixture.session(router);
    await prepare(client, '/system identity set name=done', ancient);
    expect(await client.command('/execute', '=script=:put 1')).toEqual([['!trap', '=category=0', '=message=no such command'], ['!done']]);
    const [clock] = await client.rows('/system/clock/print');
    expect(clock?.['date']).toMatch(/^[a-z]{3}\/\d\d\/\d{4}$/);
    const time =
      /^(\d+):(\d+):(\d+)$/
        .exec(clock?.['time'] ?? '')
        ?.slice(1)
        .map(Number) ?? [];
    const seconds = ((time[0] ?? 0) * 60 + (time[1] ?? 0)) * 60 + (time[2] ?? 0) + 1;
    const words = ['/system/scheduler/add', `=name=${name}-s`, '=interval=0s', `=start-date=${clock?.['date'] ?? ''}`];
    await client.ret(...words, `=start-time=${seconds}s`, `=on-event=/system script run ${name}-w`);
    await eventually(async () => (await marker(client)) === 'ours:ok');
    const [entry] = await client.rows('/system/scheduler/print');
    expect(entry?.['run-count']).toBe('1');
    expect(entry?.['next-run']).toBeUndefined();
  });

  it('is refused where its policy is wider than the caller’s', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await client.ret('/system/script/add', '=name=wide', '=source=:put 1');
    await client.ret('/user/add', '=name=writer', '=group=write', '=password=x');
    const writer = await fixture.session(router, { username: 'writer', password: 'x' });
    expect((await writer.command('/system/script/run', '=number=wide'))[0]).toEqual([
      '!trap',
      '=category=4',
      '=message=not enough permissions (9)',
    ]);
    await client.ret('/system/script/set', '=numbers=wide', '=dont-require-permissions=yes');
    expect(await writer.command('/system/script/run', '=number=wide')).toEqual([['!done']]);
  });
});

describe('what is not known of real routers', () => {
  it('a command may be carried out after its session is gone', async () => {
    const router = await fixture.router({
      faults: { rules: [{ at: { point: 'command', path: '/execute' }, effect: { kind: 'late', milliseconds: 150 } }] },
    });
    const client = await fixture.session(router);
    await prepare(client, ':put 1');
    client.send('/execute', `=script=/system script run ${name}-w`);
    await eventually(() => router.journal().find((entry) => entry.kind === 'fault'));
    client.close();
    const later = await fixture.session(router);
    expect(await later.rows('/system/script/job/print', '?type=command')).toEqual([]);
    expect(await marker(later)).toBe('ours:prepared');
    await eventually(async () => (await marker(later)) === 'ours:ok');
  });

  it('a late command is lost with the power', async () => {
    const router = await fixture.router({
      faults: {
        conditions: { bootMillis: 0 },
        rules: [{ at: { point: 'command', path: '/execute' }, times: 1, effect: { kind: 'late', milliseconds: 100 } }],
      },
    });
    const client = await fixture.session(router);
    await prepare(client, ':put 1');
    client.send('/execute', `=script=/system script run ${name}-w`);
    await eventually(() => router.journal().find((entry) => entry.kind === 'fault'));
    router.losePower();
    const later = await eventually(() => fixture.session(router).catch(() => null));
    await later.ret('/execute', '=script=:delay 200ms', '=as-string=');
    expect(starts(router, `${name}-w`)).toEqual([]);
  });

  it('jobs in the background may end with the session that started them', async () => {
    const router = await fixture.router({ faults: { conditions: { detachedJobsDieWithSession: true } } });
    const client = await fixture.session(router);
    await prepare(client, ':delay 1h');
    await launch(client);
    await eventually(() => starts(router)[0]);
    client.close();
    await eventually(() => router.journal().filter((entry) => entry.kind === 'script-ended' && entry.outcome === 'killed').length === 2);
  });

  it('a script of a session may outlive it', async () => {
    const router = await fixture.router({ faults: { conditions: { commandsOutliveSession: true } } });
    const client = await fixture.session(router);
    await prepare(client, ':delay 100ms');
    client.send('/system/script/run', `=number=${name}-w`);
    await eventually(() => starts(router)[0]);
    client.close();
    const later = await fixture.session(router);
    await eventually(async () => (await marker(later)) === 'ours:ok');
  });

  it('to remove or change what is missing may do nothing', async () => {
    const router = await fixture.router({ faults: { conditions: { missingItems: 'ignored' } } });
    const client = await fixture.session(router);
    expect(await client.ret('/execute', '=script=/system script remove gone; :put on', '=as-string=')).toBe('on');
    expect(await client.ret('/execute', '=script=/system script run gone', '=as-string=')).toMatch(/^no such item/);
  });
});

describe('running a script in the session', () => {
  it('answers when it ends: with its error, or an empty row for each list that it printed', async () => {
    const client = await fixture.session(await fixture.router());
    await client.ret('/system/script/add', '=name=bad', '=source=:error "boom"');
    expect(await client.command('/system/script/run', '=number=bad')).toEqual([
      ['!trap', '=category=3', '=message=boom (:error; line 1)'],
      ['!done'],
    ]);
    await client.ret('/system/script/add', '=name=printing', '=source=:put unseen; /ip address print');
    expect(await client.command('/system/script/run', '=number=printing')).toEqual([['!re'], ['!done']]);
  });

  it('ends with the session', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await client.ret('/system/script/add', '=name=long', '=source=:delay 1h');
    client.send('/system/script/run', '=number=long');
    await eventually(() => starts(router, 'long')[0]);
    client.close();
    await eventually(() => router.journal().find((entry) => entry.kind === 'script-ended' && entry.outcome === 'killed'));
  });
});
