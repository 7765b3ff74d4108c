import { afterAll, describe, expect, it } from '@jest/globals';
import type { RunningRouter } from '../fleet/running-router.js';
import { ApiClient } from '../testing/api-client.js';
import { eventually, Fixture } from '../testing/fixture.js';
import type { FaultsInput } from './fault-schema.js';

const fixture = new Fixture();
afterAll(() => fixture.end());

const withFaults = (faults: FaultsInput): Promise<RunningRouter> => fixture.router({ faults });
const effectOn = (path: string, effect: NonNullable<FaultsInput['rules']>[number]['effect'], more: object = {}): FaultsInput => ({
  rules: [{ at: { point: 'command', path, ...more }, effect }],
});

/** Whether the answer is still missing when somebody else, who asks later, has got his. */
const staysSilent = async (client: ApiClient, router: RunningRouter): Promise<boolean> => {
  const { conditions } = router.faults;
  if (!conditions.silent) await eventually(() => router.journal().find((entry) => entry.kind === 'fault'));
  router.setFaults({});
  const other = await fixture.session(router);
  await other.rows('/system/identity/print');
  return client.unread === 0;
};

describe('conditions', () => {
  it('refuse connections, until they are lifted', async () => {
    const router = await withFaults({ conditions: { refuse: true } });
    router.setFaults({});
    await eventually(() => fixture.session(router).catch(() => null));
    router.setFaults({ conditions: { refuse: true } });
    await expect(fixture.connection(router)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    router.setFaults({});
    await eventually(() => fixture.session(router).catch(() => null));
  });

  it('reset connections', async () => {
    const router = await withFaults({ conditions: { reset: true } });
    const answer = fixture.connection(router).then((client) => client.closed);
    await expect(answer.catch(() => 'reset')).resolves.toBe('reset');
  });

  it('never answer', async () => {
    const router = await withFaults({ conditions: { silent: true } });
    const client = await fixture.connection(router);
    client.send('/login', '=name=x', '=password=y');
    expect(await staysSilent(client, router)).toBe(true);
  });

  it('send byte by byte, and the last byte late', async () => {
    const router = await withFaults({ conditions: { chunkBytes: 1, lastByteDelayMillis: 300 } });
    const client = await fixture.session(router);
    const pieces: number[] = [];
    client.socket.on('data', (chunk: Buffer) => pieces.push(chunk.length));
    expect(await client.rows('/system/identity/print')).toEqual([{ name: router.description.identity }]);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.at(-1)).toBe(1);
  });

  it('change password and serial number', async () => {
    const router = await withFaults({});
    const client = await fixture.session(router);
    router.setFaults({ conditions: { password: 'other', serial: 'ANOTHER' } });
    await expect(fixture.session(router)).rejects.toThrow('not logged in');
    expect(await client.rows('/system/routerboard/print', '=.proplist=serial-number')).toEqual([{ 'serial-number': 'ANOTHER' }]);
  });

  it('list only the job of the command', async () => {
    const client = await fixture.session(await withFaults({ conditions: { jobs: 'command' } }));
    await client.ret('/system/script/add', '=name=s', '=source=:delay 1h');
    await client.ret('/execute', '=script=/system script run s');
    const jobs = await client.rows('/system/script/job/print', '?type=command');
    expect(jobs.map((job) => job['script'])).toEqual([undefined]);
  });

  it('stay over a restart', async () => {
    const router = await withFaults({});
    router.setFaults({ conditions: { serial: 'KEPT' } });
    const again = await fixture.router({ name: router.description.name, faults: { conditions: { serial: 'NEW' } } });
    expect(again.faults.conditions.serial).toBe('KEPT');
  });
});

const notes = (router: RunningRouter): number => router.rows('/ip/firewall/address-list').length;

describe('rules', () => {
  const addNote = ['/ip/firewall/address-list/add', '=list=l', '=address=10.0.0.1'] as const;
  const path = '/ip/firewall/address-list/*';
  it.each([
    ['before', 'reset', 'reset', 0],
    ['after', 'reset', 'reset', 1],
    ['during', 'reset', 'reset', 1],
    ['before', 'close', 'ended', 0],
    ['after', 'close', 'ended', 1],
    ['during', 'close', 'ended', 1],
  ] as const)('%s a command: %s', async (when, kind, end, effects) => {
    const router = await withFaults(effectOn(path, { kind }, { when }));
    const client = await fixture.session(router);
    client.send(...addNote);
    expect(await client.closed).toBe(end);
    expect(notes(router)).toBe(effects);
  });

  it.each([
    ['before', 'silent', 0],
    ['after', 'silent', 1],
    ['before', 'half-open', 0],
    ['during', 'half-open', 1],
  ] as const)('%s a command: %s', async (when, kind, effects) => {
    const router = await withFaults(effectOn(path, { kind }, { when }));
    const client = await fixture.session(router);
    client.send(...addNote);
    expect(await staysSilent(client, router)).toBe(true);
    expect(notes(router)).toBe(effects);
  });

  it('send half of an answer', async () => {
    const router = await withFaults(effectOn('/system/identity/print', { kind: 'silent' }, { when: 'during' }));
    const client = await fixture.session(router);
    const pieces: Buffer[] = [];
    client.socket.on('data', (chunk: Buffer) => pieces.push(chunk));
    client.send('/system/identity/print');
    expect(await staysSilent(client, router)).toBe(true);
    expect(Buffer.concat(pieces).toString('latin1').slice(1, 4)).toBe('!re');
  });

  it('flood, answer rubbish, or say goodbye', async () => {
    const flooded = await fixture.session(await withFaults(effectOn('/system/identity/print', { kind: 'flood' })));
    flooded.send('/system/identity/print');
    for (let row = 0; row < 2_000; row += 1) expect((await flooded.next())[1]).toBe('.tag=flood');
    flooded.close();
    const rubbish = await fixture.connection(await withFaults({ rules: [{ at: { point: 'connect' }, effect: { kind: 'rubbish' } }] }));
    rubbish.socket.removeAllListeners('data');
    const first = await new Promise<Buffer>((resolve) => rubbish.socket.once('data', resolve));
    expect(first[0]).toBe(0xff);
    const fatal = await fixture.session(await withFaults(effectOn('/system/identity/print', { kind: 'fatal' })));
    expect(await fatal.command('/system/identity/print')).toEqual([['!fatal', 'session terminated']]);
    expect(await fatal.closed).toBe('ended');
  });

  it('trap, several times if wanted, from the n-th time on and so often', async () => {
    const router = await withFaults({
      rules: [
        {
          at: { point: 'command', path: '/system/identity/set', contains: 'name=b' },
          from: 2,
          times: 1,
          effect: { kind: 'trap', message: 'failure: one', category: 2, more: ['failure: two'] },
        },
      ],
    });
    const client = await fixture.session(router);
    const set = (name: string) => client.command('/system/identity/set', `=name=${name}`);
    expect(await set('b')).toEqual([['!done']]);
    expect(await set('a')).toEqual([['!done']]);
    expect(await set('b')).toEqual([['!trap', '=category=2', '=message=failure: one'], ['!trap', '=message=failure: two'], ['!done']]);
    expect(await set('b')).toEqual([['!done']]);
  });

  it('send what nobody expects, and go on', async () => {
    const effect = { kind: 'send' as const, words: ['!done', '.tag=stranger'] };
    const client = await fixture.session(await withFaults(effectOn('/system/identity/print', effect)));
    client.send('/system/identity/print', '.tag=1');
    expect(await client.next()).toEqual(['!done', '.tag=stranger']);
    expect((await client.next())[1]).toBe('.tag=1');
  });

  it('tell commands of sessions from those of scripts', async () => {
    const trap = { kind: 'trap' as const, message: 'failure: out of memory' };
    const router = await withFaults(effectOn('/ip/firewall/*/add', trap, { origin: 'script' }));
    const client = await fixture.session(router);
    await client.ret(...addNote);
    const script = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';
    expect(await client.ret('/execute', `=script=${script}`, '=as-string=')).toBe(
      'failure: out of memory (/ip/firewall/filter/add; line 1)',
    );
  });

  it.each([
    ['trap', { kind: 'trap', message: 'failure: broken' }, ['a', 'error']],
    ['kill-job', { kind: 'kill-job' }, ['a', 'killed']],
    ['hang', { kind: 'hang', milliseconds: 20 }, ['c', 'completed']],
    ['reset', { kind: 'reset' }, ['c', 'completed']],
  ] as const)('strike at a line of a script: %s', async (_kind, effect, [name, outcome]) => {
    const router = await withFaults({ rules: [{ at: { point: 'line', script: 'ax-*', line: 3 }, times: 1, effect }] });
    const client = await fixture.session(router);
    const source = ['a', '', 'b', 'c'].map((each) => each && `/system identity set name=${each}`).join('\n');
    await client.ret('/system/script/add', '=name=ax-1', `=source=${source}`);
    await client.ret('/execute', '=script=/system script run ax-1');
    const end = await eventually(() => router.journal().find((entry) => entry.kind === 'script-ended'));
    expect(end).toMatchObject({ outcome });
    expect(router.rows('/system/identity')).toEqual([{ name }]);
    expect(router.journal()).toContainEqual(expect.objectContaining({ kind: 'fault', fault: effect.kind, where: 'ax-1 line 3' }));
  });
});
