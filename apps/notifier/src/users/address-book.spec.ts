import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { UsersFile } from '@scheduled-scripts/platform';
import { AddressBook } from './address-book.js';

it('an address book gives an address that mail can be sent to, or none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'users-'));
  const path = join(folder, 'users.json');
  const users = {
    org_a: {
      boss: { email: 'boss@a.example', approver: true },
      clerk: { email: 'not an address' },
      list: { email: 'a@a.example,b@b.example' },
      named: { email: 'Boss <boss@a.example>' },
    },
    org_b: { boss: { email: 'boss@mailhost' } },
  };
  await writeFile(path, JSON.stringify(users));
  const book = new AddressBook(new UsersFile(path));
  expect(await book.addressOf('org_a', 'boss')).toBe('boss@a.example');
  expect(await book.addressOf('org_b', 'boss')).toBe('boss@mailhost');
  for (const user of ['clerk', 'list', 'named', 'nobody']) expect(await book.addressOf('org_a', user)).toBeNull();
  expect(await book.addressOf('org_c', 'boss')).toBeNull();
  await rm(folder, { recursive: true });
});
