import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isBranch, leavesOf, type SyntaxNode } from '../syntax/nodes.js';
import { parseScript } from '../syntax/parser.js';
import { scriptText } from '../testing/script-text.js';
import { maskSecrets } from './mask-secrets.js';

/** Everything that runs, in order. */
const commandsOf = (source: string): readonly string[] =>
  [...leavesOf(parseScript(source))].filter(({ kind }) => kind === 'menu' || kind === 'verb').map(({ text }) => text);

const shapeOf = (node: SyntaxNode): number => (isBranch(node) ? 1 + node.children.reduce((sum, child) => sum + shapeOf(child), 0) : 1);

describe('masking', () => {
  it.each([
    ['/user add name=bob password=hunter2 group=full', '/user add name=bob password=*** group=full'],
    ['/user add name=bob \\\n    password="hunter 2"', '/user add name=bob \\\n    password="***"'],
    ['/ppp secret\nadd name=a password=$p', '/ppp secret\nadd name=a password=$p'],
    [':local wifiPass "hunter2"; :set token hunter2', ':local wifiPass "***"; :set token ***'],
    [':global cfg {"password"="hunter2"; "name"="x"}', ':global cfg {"password"="***"; "name"="x"}'],
    [':set ($cfg->"secret") "hunter2"', ':set ($cfg->"secret") "***"'],
    [':if ($password = "hunter2") do={ /system reboot }', ':if ($password = "***") do={ /system reboot }'],
    ['# password: hunter2 for all\n# a note: x', '# password: ***\n# a note: x'],
    ['# note: the Wi-Fi key is hunter2', '# note: the Wi-Fi key is ***'],
    [':if (($cfg->"password") = "hunter2") do={}', ':if (($cfg->"password") = "***") do={}'],
    ['/snmp community add name=hunter2\n/ip address add address=1.1.1.1', '/snmp community add name=***\n/ip address add address=1.1.1.1'],
    ['/snmp community\nset [find name=hunter2] name=hunter2', '/snmp community\nset [find name=***] name=***'],
    ['/container envs add key=PW value=hunter2 name=x', '/container envs add key=*** value=*** name=x'],
    ['/tool fetch url="https://bob:hunter2@a.example/x"', '/tool fetch url="https://bob:***@a.example/x"'],
    [
      '/tool fetch url=http://a/b http-header-field="Authorization: Bearer hunter2"',
      '/tool fetch url=http://a/b http-header-field="Authorization: ***"',
    ],
    ['/tool fetch http-data="{\\"token\\":\\"hunter2\\",\\"a\\":1}"', '/tool fetch http-data="{\\"token\\":\\"***\\",\\"a\\":1}"'],
    [
      '/system scheduler add on-event="/user set bob password=\\"hunter2; x\\"; /system reboot"',
      '/system scheduler add on-event="/user set bob password=\\"***\\"; /system reboot"',
    ],
  ])('of %j', (source, masked) => {
    expect(maskSecrets(source)).toBe(masked);
  });

  it.each([
    ['password=[/system reset-configuration]'],
    ['/user set bob password="key="; /system reset-configuration; :put "x"'],
    [':put "key="; /system reset-configuration; :put "x"'],
    ['/system scheduler add on-event="\\"key=\\"; /system reset-configuration; \\"\\""'],
    ['/system scheduler add on-event="\\"a\\"token\\":\\"; /system reset-configuration; \\""'],
    [':if ($password = [/system reset-configuration]) do={}'],
    ['# password:\n/system reset-configuration'],
  ])('hides no command behind a name: %j', (source) => {
    expect(maskSecrets(source)).toContain('reset-configuration');
  });

  it('leaves every command of any text where it is', () => {
    fc.assert(
      fc.property(scriptText, (source) => {
        expect(commandsOf(maskSecrets(source))).toEqual(commandsOf(source));
      }),
      { numRuns: 300 },
    );
  });

  it('hides the value of whatever is called like a secret', () => {
    const name = fc.constantFrom(
      'password',
      'secret',
      'wpa2-pre-shared-key',
      'private-key',
      'token',
      'passphrase',
      'api_key',
      'authPassword',
    );
    const value = fc.constantFrom('hunter2', '"hunter2"', '"a hunter2"', '("x" . "hunter2")', '"hunter2\\"hunter2"', '{hunter2;"hunter2"}');
    const place = fc.constantFrom<(name: string, value: string) => string>(
      (n, v) => `/x y add a=b ${n}=${v} c=d`,
      (n, v) => `:local ${n} ${v}`,
      (n, v) => `:global x {"a"="b";"${n}"=${v}}`,
      (n, v) => `:do { /x set [find where a=b] ${n}=${v} } on-error={}`,
      (n, v) => `/system script add source={ /x add ${n}=${v} }`,
      (n, v) => `/system script add source="/x add ${n}=${v.replaceAll(/["\\]/g, '\\$&')}; /system reboot"`,
    );
    fc.assert(
      fc.property(place, name, value, (at, named, given) => {
        expect(maskSecrets(at(named, given))).not.toContain('hunter2');
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing where there is no secret', () => {
    const source = '/ip firewall filter add action=drop chain=input comment="a \\"b\\" c\\r\\n" src-address-list=blacklist\r\n:put "$x é"';
    expect(maskSecrets(source)).toBe(source);
  });

  it.each(['[', '"$[', '{ :if (a) do={', '\\"', 'password=', '"token":"', 'bearer ', '://a:', 'a', '#a', '# key ', '#key=\n', '("key"'])(
    'takes 60 kB of %j',
    (piece) => {
      const source = piece.repeat(Math.ceil(60_000 / piece.length));
      expect(shapeOf(parseScript(maskSecrets(source)))).toBeGreaterThan(1);
    },
  );
});
