import { describe, expect, it } from '@jest/globals';
import { menusOf } from '../menus/menus.js';
import { RouterVersion } from '../router/router-version.js';
import { parsedText } from './parsed-text.js';
import { parseScript } from './script-parser.js';

const tree = menusOf(new RouterVersion('7.23.3 (stable)'));
const old = menusOf(new RouterVersion('6.49.18 (long-term)'));

const parse = (source: string, menus = tree): string => {
  try {
    return parsedText(parseScript(source, menus));
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('reading scripts', () => {
  // What a RouterOS 7.23.3 printed for `:put [:parse "…"]`.
  it.each([
    ['/ip address print', '(evl /ip/address/print)'],
    ['/ip addr print', '(evl /ip/address/print)'],
    ['/int eth print', '(evl /interface/ethernet/print)'],
    ['/ip address print bogus-attr=1', '(evl bad parameter bogus-attr (line 1 column 29) /ip/address/print)'],
    ['/ip address add no-such-arg=x', '(evl bad parameter no-such-arg (line 1 column 28) /ip/address/add)'],
    [
      '/ip/address/add address=10.9.9.9/32 interface=ether1 no-such-arg=x',
      '(evl bad parameter no-such-arg (line 1 column 54) /ip/address/add)',
    ],
    ['/interface ethernet poe monitor', '(<%% bad command name poe (line 1 column 21) poe;monitor)'],
    ['/system license output', '(<%% bad command name output (line 1 column 17) output)'],
    ['/zzz qqq print', '(<%% bad command name zzz (line 1 column 2) zzz;qqq;print)'],
    ['/partitions print', '(<%% bad command name partitions (line 1 column 2) partitions;print)'],
    ['this is not a command', '(<%% bad command name this (line 1 column 1) this;is;not;a;command)'],
    [':put hello', '(evl /putmessage=hello)'],
    ['{:put one; :put two}', '(evl (evl /putmessage=one) (evl /putmessage=two))'],
    [
      ':if (1=1) do={:put yes} else={:put no}',
      '(evl /ifcondition=(= 1 1);do=;(evl (evl /putmessage=true));else=;(evl (evl /putmessage=false)))',
    ],
    [':put 200ms', '(evl /putmessage=00:00:00.200)'],
    ['/nope/print', 'syntax error (line 1 column 6)'],
    ['', ''],
  ])('shows %j as %j', (source, shown) => {
    expect(parse(source)).toBe(shown);
  });

  it.each([
    [':put "a" "b"', 'expected end of command (line 1 column 10)'],
    ['/ip address print\n/ip address add foo', 'expected end of command (line 2 column 17)'],
    [':if (1=1) do={\n:put x', 'missing closing brace (line 2 column 7)'],
    [':put (1 + )', 'syntax error (line 1 column 11)'],
    [':put [/ip address find', 'syntax error (line 1 column 23)'],
    [':put "abc', 'syntax error (line 1 column 10)'],
    ['}', 'syntax error (line 1 column 1)'],
    [':put "\\q"', 'syntax error (line 1 column 7)'],
    [':put ä "b"', 'expected end of command (line 1 column 8)'],
  ])('refuses %j: %s', (source, message) => {
    expect(parse(source)).toBe(message);
  });

  it('counts columns in bytes', () => {
    const bytes = Buffer.from('/log info "ä"; :put "a" "b"').toString('latin1');
    expect(parse(bytes)).toBe('expected end of command (line 1 column 26)');
  });

  it('joins lines that end in a backslash', () => {
    expect(parse('/ip address add \\\n    address=1.1.1.1/24 \\\n    interface=ether1')).toBe(
      '(evl /ip/address/addaddress=1.1.1.1/24;interface=ether1)',
    );
  });

  it('stays in a menu that stands alone on a line, until another is named', () => {
    expect(parse('/ip firewall filter\nadd chain=input\nprint\n/ip address\nprint\n/\nsystem identity print')).toBe(
      '(evl /ip/firewall/filter/addchain=input);(evl /ip/firewall/filter/print);(evl /ip/address/print);(evl /system/identity/print)',
    );
    expect(parse('/ip firewall { filter print; nat print }\n/ip address print')).toBe(
      '(evl (evl /ip/firewall/filter/print) (evl /ip/firewall/nat/print));(evl /ip/address/print)',
    );
    expect(parse('/ip address\n.. route print')).toBe('(evl /ip/route/print)');
  });

  it('takes comments only where a command may start', () => {
    expect(parse('# one\n:put 1 ; # two\n  # three')).toBe('(evl /putmessage=1)');
  });

  it('keeps the text of braces for menus, and reads code for commands', () => {
    expect(parse('/system script add name=x source={ :put "}" }')).toBe('(evl /system/script/addname=x;source= :put "}" )');
    expect(parse(':local f do={ :return $1 }')).toBe('(evl /localname=$f;do=;(evl (evl /returnvalue=$1)))');
  });

  it('knows no slashes between words and no :onerror before their releases', () => {
    expect(parse('/system/script/run x', old)).toBe('syntax error (line 1 column 8)');
    expect(parse('/system script run x', old)).toBe('(evl /system/script/runnumber=x)');
    expect(parse(':onerror e in={ :put 1 } do={ :put $e }', old)).toMatch(/^\(<%% bad command name onerror \(line 1 column 2\)/);
  });

  it('does not fall over brackets that are nested without end', () => {
    expect(parse(`:put ${'('.repeat(100_000)}`)).toMatch(/^syntax error/);
  });
});
