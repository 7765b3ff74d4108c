import { describe, expect, it } from '@jest/globals';
import { RouterOsError } from '../menus/routeros-error.js';
import { readQuery } from './api-query.js';

const rows: Record<string, string>[] = [
  { '.id': '*1', name: 'a', mtu: '1500', comment: 'x=y' },
  { '.id': '*2', name: 'b', mtu: '900' },
  { '.id': '*3', name: 'c', mtu: '9000', disabled: 'true' },
];

const found = (...words: string[]): string[] => rows.filter(readQuery(words) ?? (() => true)).map((row) => row['name'] ?? '');

describe('queries', () => {
  it.each([
    [[], ['a', 'b', 'c']],
    [['name=b'], ['b']],
    [['=name=b'], ['b']],
    [['comment=x=y'], ['a']],
    [['disabled'], ['c']],
    [['-disabled'], ['a', 'b']],
    [['>mtu=1000'], ['a', 'c']],
    [['<mtu=1000'], ['b']],
    [['name=a', 'mtu=900'], []],
    [
      ['name=a', 'name=b', '#|'],
      ['a', 'b'],
    ],
    [
      ['name=a', '#!'],
      ['b', 'c'],
    ],
    [['name=a', 'name=b', '#|!'], ['c']],
    [['name=a', '>mtu=1000', '#&'], ['a']],
    [
      ['name=a', 'name=b', 'name=c', '#||'],
      ['a', 'b', 'c'],
    ],
    [['name=a', '#.', '#&'], ['a']],
  ])('%j finds %j', (words, names) => {
    expect(found(...words)).toEqual(names);
  });

  it('refuses operations without operands', () => {
    expect(() => readQuery(['#|'])).toThrow(RouterOsError);
  });
});
