import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient } from '../testing/api-client.js';
import { Fixture } from '../testing/fixture.js';

const fixture = new Fixture();
let session: ApiClient;
let old: ApiClient;

beforeAll(async () => {
  session = await fixture.session(await fixture.router({ profile: { version: '7.22.1 (stable)', identity: 'MikroTik' } }));
  old = await fixture.session(await fixture.router({ profile: { version: '7.10 (stable)' } }));
});
afterAll(() => fixture.end());

/** What the text prints, errors included. */
const output = (script: string, on = session): Promise<string> => on.ret('/execute', `=script=${script}`, '=as-string=');

describe('the script language', () => {
  it.each([
    [':put (1 + 2 * 3)', '7'],
    [':put ((1 + 2) * 3)', '9'],
    [':put ("a" . "b" . 3)', 'ab3'],
    [':put (7 / 2)', '3'],
    [':put (10 > 9 && !(1 = 2))', 'true'],
    [':put ("router" ~ "^rou")', 'true'],
    [':put (10.0.0.7 in 10.0.0.0/8)', 'true'],
    [':put (1h30m + 5s)', '01:30:05'],
    [':put "sum $(1 + 1), name $[/system identity get name], \\$x \\41"', 'sum 2, name MikroTik, $x A'],
    [':local x 5; :set x ($x + 1); :put $x', '6'],
    [':local a {1;2;"k"=3}; :put ($a->1); :put ($a->"k"); :put [:len $a]', '2\r\n3\r\n3'],
    [':local a ({}); :set ($a->"x") 7; :put ($a->"x")', '7'],
    [':foreach k,v in={a=1;b=2} do={ :put "$k-$v" }', 'a-1\r\nb-2'],
    [':for i from=1 to=3 do={ :put $i }', '1\r\n2\r\n3'],
    [':for i from=2 to=1 do={ :put $i }', '2\r\n1'],
    [':local i 0; :while ($i < 3) do={ :set i ($i + 1) }; :put $i', '3'],
    [':local i 0; :do { :set i ($i + 1) } while=($i < 3); :put $i', '3'],
    [':if (1 = 2) do={ :put a } else={ :put b }', 'b'],
    [':local f do={ :return ($1 . $name) }; :put [$f "x" name="y"]', 'xy'],
    [':global g 1; :local f do={ :global g; :set g 5 }; $f; :put $g', '5'],
    [':local x 1; :local f do={ :return $x }; :put [:typeof [$f]]', 'nothing'],
    [':local x 1; { :local x 2; :put $x }; :put $x', '2\r\n1'],
    [':put [:pick "abcdef" 1 3]', 'bc'],
    [':put [:find "abcdef" "cd"]', '2'],
    [':put [:tonum "42"]; :put [:typeof [:tonum "x"]]', '42\r\nnothing'],
    [':put [:toarray "a,b"]', 'a;b'],
    [':put [:typeof 1.2.3.4]; :put [:typeof 5m]; :put [:typeof *3]; :put [:typeof yes]', 'ip\r\ntime\r\nid\r\nbool'],
    [':put [:parse ":put hello"]', '(evl /putmessage=hello)'],
    [':local c [:parse ":put hello"]; $c', 'hello'],
    [':put [:parse ":put (("]', 'syntax error (line 1 column 8)'],
    [':put [:onerror e in={ :put fine } do={ :put bad }]', 'fine\r\nfalse'],
    [':retry command={ :error no } delay=1ms max=2 on-error={ :put gaveup }', 'gaveup'],
    [':put a; :exit; :put b', 'a'],
  ])('%s', async (script, expected) => {
    const printed = await output(script);
    expect(printed).toBe(expected);
  });

  it.each([
    [':error "boom"', 'boom (:error; line 1)'],
    ['\n\n:error boom', 'boom (:error; line 3)'],
    [':put 1\n/zzz print', '1\r\nbad command name zzz (line 2 column 2)'],
    ['/ip address add no-such-arg=x', 'bad parameter no-such-arg (line 1 column 28)'],
    ['/ip firewall filter add action=drop', 'missing value(s) of argument(s) chain (/ip/firewall/filter/add; line 1)'],
    [
      '/ip firewall filter add chain=input action=dorp',
      'input does not match any value of action (/ip/firewall/filter/add (action); line 1)',
    ],
    ['/ip address add address=1.2.3.400/24 interface=ether1', 'invalid value for argument address (/ip/address/add (address); line 1)'],
    [
      '/ip address add address=1.2.3.4/24 interface=wan',
      'input does not match any value of interface (/ip/address/add (interface); line 1)',
    ],
    ['/system script remove "nobody"', 'no such item (/system/script/remove; line 1)'],
    [':put (1 + "x")', 'cannot add 1 and x'],
    [':put (1 / 0)', 'division by zero'],
    [':set nowhere 1', 'unknown variable name nowhere'],
  ])('says of %j: %s', async (script, message) => {
    expect(await output(script)).toBe(message);
  });

  it('runs nothing of a text that cannot be read', async () => {
    expect(await output('/system note set note=changed\n:put (')).toBe('syntax error (line 2 column 7)');
    expect(await output(':put [/system note get note]')).toBe('');
  });

  it('keeps what ran before a line that fails', async () => {
    await output(
      '/ip pool add name=kept ranges=10.1.0.1-10.1.0.9\n/ip pool add name=kept ranges=10.1.0.1-10.1.0.9\n/ip pool add name=never ranges=10.2.0.1',
    );
    expect((await session.rows('/ip/pool/print')).map((row) => row['name'])).toEqual(['kept']);
  });

  it('catches errors with their text, or without it before 7.13', async () => {
    const script = ':onerror e in={ /system script run gone } do={ :put "caught $e" }';
    expect(await output(script)).toBe('caught no such item (/system/script/run; line 1)');
    expect(await output(script, old)).toBe('bad command name onerror (line 1 column 2)');
    expect(await output(':do { /system script run gone } on-error={ :put caught }', old)).toBe('caught');
  });

  it('finds rows by conditions', async () => {
    await output(
      '/ip firewall address-list add list=a address=10.0.0.1 comment="5m"; /ip firewall address-list add list=a address=10.0.0.2 disabled=yes; /ip firewall address-list add list=b address=10.0.0.3',
    );
    const count = (where: string): Promise<string> => output(`:put [:len [/ip firewall address-list find ${where}]]`);
    expect(await count('')).toBe('3');
    expect(await count('list=a')).toBe('2');
    expect(await count('where list=a and disabled=no')).toBe('1');
    expect(await count('list=a disabled')).toBe('1');
    expect(await count('!disabled')).toBe('2');
    expect(await count('comment="5m"')).toBe('1');
    expect(await count('where (list=b or address=10.0.0.1)')).toBe('2');
    expect(await count('where address~"^10.0"')).toBe('3');
    expect(await output(':local list b; :put [:len [/ip firewall address-list find where list=$list]]')).toBe('3');
    expect(await output(':local wanted b; :put [:len [/ip firewall address-list find where list=$wanted]]')).toBe('1');
    expect(await output('/ip firewall address-list remove [find list=nowhere]; :put still')).toBe('still');
    expect(await output('/ip firewall address-list remove [find list=a]; :put [:len [/ip firewall address-list find]]')).toBe('1');
  });

  it('stores bare words as they are written', async () => {
    await output('/ip pool add name=5m ranges=10.9.0.1 comment=yes');
    expect(await session.rows('/ip/pool/print', '?name=5m', '=.proplist=comment')).toEqual([{ comment: 'yes' }]);
    expect(await output(':put [:len [/ip pool find name=5m comment=yes]]')).toBe('1');
    expect(await output(':put [/ip pool get 5m comment]')).toBe('yes');
  });

  it('lets a loop without end be ended', async () => {
    const id = await session.ret('/execute', '=script=:while (true) do={}');
    await session.ret('/system/script/job/remove', `=.id=${id}`);
    const jobs = await session.rows('/system/script/job/print');
    expect(jobs.filter((job) => job['.id'] === id)).toEqual([]);
  });
});
