import { afterAll, describe, expect, it } from '@jest/globals';
import type { RunningRouter } from '../fleet/running-router.js';
import { eventually, Fixture } from '../testing/fixture.js';

const fixture = new Fixture();
afterAll(() => fixture.end());

const backUp = (router: RunningRouter) => eventually(() => fixture.session(router).catch(() => null));

const note = (router: RunningRouter): string | undefined => router.rows('/system/note')[0]?.['note'];

describe('power', () => {
  it('off and on: sessions and jobs are gone, counts start again, the configuration stays', async () => {
    const router = await fixture.router({ faults: { conditions: { bootMillis: 30 } } });
    const client = await fixture.session(router);
    await client.ret('/system/script/add', '=name=ax-1', '=source=/system note set note=kept\n:delay 1h\n/system note set note=never');
    await client.ret('/execute', '=script=/system script run ax-1');
    await eventually(() => note(router) === 'kept');
    router.reboot();
    expect(await client.closed).toBe('reset');
    const later = await backUp(router);
    expect(await later.rows('/system/script/print', '=.proplist=run-count,last-started')).toEqual([{ 'run-count': '0' }]);
    expect(await later.rows('/system/script/job/print', '?type=command')).toEqual([]);
    expect((await later.rows('/system/resource/print'))[0]?.['uptime']).toMatch(/^[0-2]s$/);
    expect(note(router)).toBe('kept');
    expect(router.journal().map((entry) => entry.kind)).toEqual(['booted', 'script-started', 'booted', 'script-ended']);
  });

  it('is on when it has booted, whatever the clock says by then', async () => {
    const now = 1_700_000_000_000;
    const router = await fixture.router({ now: () => now, faults: { conditions: { bootMillis: 5 } } });
    router.reboot();
    expect(await (await backUp(router)).rows('/system/resource/print')).toMatchObject([{ uptime: '0s' }]);
  });

  it('lost: the last writes are gone, the journal knows', async () => {
    let now = 1_700_000_000_000;
    const router = await fixture.router({ now: () => now, faults: { conditions: { flushMillis: 40_000, bootMillis: 0 } } });
    const client = await fixture.session(router);
    await client.ret('/system/script/add', '=name=ax-1-t');
    now += 41_000;
    await client.ret('/system/script/add', '=name=ax-1', '=source=/system script remove ax-1-t');
    await client.ret('/system/script/run', '=number=ax-1');
    expect(router.rows('/system/script').map((row) => row['name'])).toEqual(['ax-1']);
    router.losePower();
    await backUp(router);
    expect(router.rows('/system/script').map((row) => row['name'])).toEqual(['ax-1-t']);
    expect(router.journal()).toContainEqual(expect.objectContaining({ kind: 'power-lost', writesLost: 2 }));
    expect(router.journal()).toContainEqual(expect.objectContaining({ kind: 'script-ended', script: 'ax-1', outcome: 'completed' }));
  });

  it('lost in the middle of a script, between two of its lines', async () => {
    const router = await fixture.router({
      faults: {
        conditions: { bootMillis: 0 },
        rules: [{ at: { point: 'command', path: '/system/note/set', origin: 'script', when: 'after' }, effect: { kind: 'power-loss' } }],
      },
    });
    const client = await fixture.session(router);
    await client.ret('/system/script/add', '=name=ax-1', '=source=/system note set note=one\n/system note set note=two');
    await client.ret('/execute', '=script=/system script run ax-1');
    await eventually(() => router.journal().find((entry) => entry.kind === 'script-ended' && entry.outcome === 'killed'));
    expect(note(router)).toBe('one');
  });

  it('off with the whole simulator: found again at the same configuration, rebooted', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await client.ret('/system/identity/set', '=name=remembered');
    await client.ret('/system/script/add', '=name=ax-1', '=source=:delay 1h');
    await client.ret('/execute', '=script=/system script run ax-1');
    await eventually(() => router.journal().find((entry) => entry.kind === 'script-started'));
    const again = await fixture.router({ name: router.description.name });
    expect(again.rows('/system/identity')).toEqual([{ name: 'remembered' }]);
    expect(again.rows('/system/script/job')).toEqual([]);
    expect(again.journal().map((entry) => entry.kind)).toEqual(['booted', 'script-started', 'script-ended', 'booted']);
  });

  it('goes off at /system reboot, in a script too', async () => {
    const router = await fixture.router({ faults: { conditions: { bootMillis: 0 } } });
    const client = await fixture.session(router);
    await client.ret('/execute', '=script=/system reboot');
    expect(await client.closed).toBe('reset');
    await backUp(router);
  });

  it('stays off after a shutdown, until it is switched on', async () => {
    const router = await fixture.router({ faults: { conditions: { bootMillis: 0 } } });
    const client = await fixture.session(router);
    await client.ret('/system/shutdown');
    expect(await client.closed).toBe('reset');
    await expect(fixture.connection(router)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    router.reboot();
    await backUp(router);
  });

  it('does not come back through a service that is disabled', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await client.ret('/ip/service/disable', '=numbers=api');
    await eventually(() =>
      fixture.connection(router).then(
        () => null,
        () => true,
      ),
    );
    await client.ret('/ip/service/enable', '=numbers=api');
    await backUp(router);
  });
});
