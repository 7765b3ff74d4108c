import { expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsersFile } from '@scheduled-scripts/platform';
import { FileUserDirectory } from './file.user-directory.js';

it('users in a file are known in their own organization only, in the order asked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'users-'));
  const path = join(folder, 'users.json');
  const users = {
    org_a: { boss: { email: 'boss@a.example', approver: true }, clerk: { email: 'clerk@a.example', name: 'Clerk' } },
    org_b: { other: { email: 'other@b.example', approver: true } },
  };
  await writeFile(path, JSON.stringify(users));
  const directory = new FileUserDirectory(new UsersFile(path));
  expect(await directory.known('org_a', ['other', 'clerk', 'boss', 'toString', '__proto__'])).toEqual({
    approvers: ['boss'],
    informed: ['clerk'],
    unknown: ['other', 'toString', '__proto__'],
  });
  expect(await directory.known('org_c', ['boss'])).toEqual({ approvers: [], informed: [], unknown: ['boss'] });
  await rm(folder, { recursive: true });
});
