import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsersFile } from './users-file.js';

describe('the file of users', () => {
  let folder: string;
  let path: string;
  const write = (content: unknown) => writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'users-'));
    path = join(folder, 'users.json');
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('knows the users of each organization by themselves, and passes over what others keep in it', async () => {
    await write({
      org_a: { boss: { email: 'boss@a.example', approver: true, name: 'Boss' } },
      org_b: { other: { email: 'other@b.example' } },
    });
    const file = new UsersFile(path);
    const users = await file.usersOf('org_a');
    expect(users.get('boss')).toMatchObject({ email: 'boss@a.example', approver: true });
    for (const id of ['other', 'toString', '__proto__']) expect(users.get(id)).toBeUndefined();
    expect((await file.usersOf('org_b')).get('other')?.approver).toBe(false);
    for (const organization of ['org_c', 'constructor', '__proto__']) expect((await file.usersOf(organization)).size).toBe(0);
  });

  it('is read anew', async () => {
    const file = new UsersFile(path);
    for (const approver of [true, false]) {
      await write({ org_a: { boss: { email: 'boss@a.example', approver } } });
      expect((await file.usersOf('org_a')).get('boss')?.approver).toBe(approver);
    }
  });

  it.each(['', '[]', '{"org_a": {"boss": {}}}', '{"org_a": {"boss": {"approver": "yes", "email": ""}}}'])(
    'of another form is not taken for an empty one: %s',
    async (content) => {
      await write(content);
      const unusable = { code: 'users_file_unusable', api: { status: 503, code: 'dependency_unavailable' } };
      await expect(new UsersFile(path).usersOf('org_a')).rejects.toMatchObject(unusable);
      await expect(new UsersFile(path).check()).rejects.toMatchObject(unusable);
      await expect(new UsersFile(join(folder, 'none')).check()).rejects.toMatchObject(unusable);
    },
  );
});
