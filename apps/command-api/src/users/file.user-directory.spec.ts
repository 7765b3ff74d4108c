import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileUserDirectory } from './file.user-directory.js';

describe('users in a file', () => {
  let folder: string;
  let path: string;
  const write = (content: unknown) => writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'users-'));
    path = join(folder, 'users.json');
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('are known in their own organization only, in the order asked', async () => {
    await write({
      org_a: { boss: { email: 'boss@a.example', approver: true }, clerk: { email: 'clerk@a.example', name: 'Clerk' } },
      org_b: { other: { email: 'other@b.example', approver: true } },
    });
    const directory = new FileUserDirectory(path);
    expect(await directory.known('org_a', ['other', 'clerk', 'boss', 'toString', '__proto__'])).toEqual({
      approvers: ['boss'],
      informed: ['clerk'],
      unknown: ['other', 'toString', '__proto__'],
    });
    expect(await directory.known('constructor', ['boss'])).toEqual({ approvers: [], informed: [], unknown: ['boss'] });
  });

  it('are read anew', async () => {
    const directory = new FileUserDirectory(path);
    await write({ org_a: { boss: { email: 'boss@a.example', approver: true } } });
    expect((await directory.known('org_a', ['boss'])).approvers).toEqual(['boss']);
    await write({ org_a: { boss: { email: 'boss@a.example', approver: false } } });
    expect((await directory.known('org_a', ['boss'])).approvers).toEqual([]);
  });

  it.each(['', '[]', '{"org_a": {"boss": {"approver": "yes", "email": ""}}}'])('are refused in another form: %s', async (content) => {
    await write(content);
    await expect(new FileUserDirectory(path).check()).rejects.toMatchObject({
      code: 'user_directory_unusable',
      api: { status: 503, code: 'dependency_unavailable' },
    });
  });

  it('are refused without a file', async () => {
    await expect(new FileUserDirectory(join(folder, 'none')).check()).rejects.toMatchObject({ code: 'user_directory_unusable' });
  });
});
