import { expect, it } from '@jest/globals';
import { parseVersion } from './router-version.js';

const ability = (text: string) => {
  const { executes, readsFiles, catchesMessages, hidesSecrets } = parseVersion(text);
  return { executes, readsFiles, catchesMessages, hidesSecrets };
};

const none = { executes: false, readsFiles: false, catchesMessages: false, hidesSecrets: false };
const early = { executes: true, readsFiles: false, catchesMessages: false, hidesSecrets: true };
const all = { executes: true, readsFiles: true, catchesMessages: true, hidesSecrets: true };

it.each([
  ['6.49.18 (long-term)', none],
  ['6.50', none],
  ['7.1', early],
  ['7.9.2 (stable)', early],
  ['7.12.1 (stable)', early],
  ['7.13 (stable)', all],
  ['7.19.4 (stable)', all],
  ['7.20rc1 (testing)', all],
  ['7.100.1', all],
  ['8.0', all],
  ['10.1', all],
])('%s', (text, expected) => {
  expect(ability(text)).toEqual(expected);
});

it.each([
  ['6.48.6 (long-term)', false],
  ['6.49', true],
  ['7.1', true],
  ['5.26', false],
  ['', false],
])('%j is supported: %j', (text, supported) => {
  expect(parseVersion(text).supported).toBe(supported);
});

it.each(['', 'unknown', 'v7.19', '7'])('what cannot be read counts as old: %j', (text) => {
  expect(ability(text)).toEqual(none);
});
