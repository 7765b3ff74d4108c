import { afterAll, describe, expect, it } from '@jest/globals';
import { eventually, Fixture } from '../testing/fixture.js';

const fixture = new Fixture();
afterAll(() => fixture.end());

const exported = async (version: string, ...words: string[]): Promise<string> => {
  const client = await fixture.session(await fixture.router({ profile: { version }, faults: { conditions: { fileDelayMillis: 0 } } }));
  await client.ret('/ppp/secret/add', '=name=u', '=password=hidden-thing');
  await client.ret('/export', '=file=e', ...words);
  return (await client.rows('/file/print', '?name=e.rsc'))[0]?.['contents'] ?? '';
};

describe('exports and backups', () => {
  it('appear as files a moment after the command has ended', async () => {
    const client = await fixture.session(await fixture.router({ faults: { conditions: { fileDelayMillis: 100 } } }));
    expect(await client.command('/export', '=file=before')).toEqual([['!done']]);
    expect(await client.rows('/file/print', '?name=before.rsc')).toEqual([]);
    const [file] = await eventually(async () => {
      const rows = await client.rows('/file/print', '?name=before.rsc');
      return rows.length > 0 ? rows : null;
    });
    expect(file?.['contents']).toMatch(/^# \d{4}-\d\d-\d\d \d\d:\d\d:\d\d by RouterOS 7\.19\.4\n# software id = /);
    expect(file?.['contents']).toContain('/ip firewall filter\nadd chain=input comment="defconf: accept established,related"');
    await client.ret('/system/backup/save', '=name=before', '=dont-encrypt=yes');
    await eventually(async () => (await client.rows('/file/print', '?name=before.backup', '?type=backup')).length > 0);
  });

  it('show a long file in chunks only, and not at all before 7.13', async () => {
    const client = await fixture.session(await fixture.router({ faults: { conditions: { fileDelayMillis: 0 } } }));
    for (let index = 0; index < 40; index += 1) await client.ret('/system/script/add', `=name=s${index}`, `=source=${'x'.repeat(2_000)}`);
    await client.ret('/export', '=file=long');
    const [file] = await client.rows('/file/print', '?name=long.rsc');
    expect(file).not.toHaveProperty('contents');
    const size = Number(file?.['size']);
    expect(size).toBeGreaterThan(80_000);
    let text = '';
    while (text.length < size) {
      const [chunk] = await client.rows('/file/read', '=file=long.rsc', `=offset=${text.length}`, '=chunk-size=32768');
      text += chunk?.['data'] ?? '';
    }
    expect(text).toHaveLength(size);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^add name=s39 .*source=x{2000}$/);
    await expect(client.rows('/file/read', '=file=long.rsc', '=offset=0', '=chunk-size=32769')).rejects.toThrow(
      'invalid value for argument chunk-size',
    );
    const old = await fixture.session(await fixture.router({ profile: { version: '7.12.1 (stable)' } }));
    await expect(old.rows('/file/read', '=file=x')).rejects.toThrow('no such command');
  });

  it('hide secrets, unless asked, since 7; before, unless asked not to', async () => {
    expect(await exported('7.19.4')).not.toContain('hidden-thing');
    expect(await exported('7.19.4', '=show-sensitive=')).toContain('hidden-thing');
    expect(await exported('6.49.18')).toContain('hidden-thing');
    expect(await exported('6.49.18', '=hide-sensitive=')).not.toContain('hidden-thing');
  });

  it('fail when told to', async () => {
    const router = await fixture.router({ faults: { conditions: { exportFails: 'refused' } } });
    const client = await fixture.session(router);
    await expect(client.ret('/export', '=file=e')).rejects.toThrow('failure: export failed: not enough space on disk');
    router.setFaults({ conditions: { exportFails: 'no-file', fileDelayMillis: 0 } });
    expect(await client.command('/export', '=file=e')).toEqual([['!done']]);
    expect(await client.rows('/file/print')).toEqual([]);
  });

  it('can be run again as a script', async () => {
    const conditions = { fileDelayMillis: 0 };
    const one = await fixture.session(await fixture.router({ faults: { conditions } }));
    await one.ret('/ip/firewall/address-list/add', '=list=blacklist', '=address=10.0.0.1', '=comment=say "no" to $1');
    await one.ret('/system/script/add', '=name=s', '=source=:put "x"\r\n# y\t\\z');
    await one.ret('/export', '=file=e');
    const text = (await one.rows('/file/print', '?name=e.rsc'))[0]?.['contents'] ?? '';
    const changes = text
      .split('\n')
      .filter((line) => /^\/(ip firewall address-list|system script)$|blacklist|name=s /.test(line))
      .join('\n');
    const other = await fixture.session(await fixture.router());
    expect(await other.ret('/execute', `=script=${changes}`, '=as-string=')).toBe('');
    expect(await other.rows('/ip/firewall/address-list/print', '=.proplist=comment')).toEqual([{ comment: 'say "no" to $1' }]);
    expect(await other.rows('/system/script/print', '=.proplist=source')).toEqual([{ source: ':put "x"\r\n# y\t\\z' }]);
  });
});
