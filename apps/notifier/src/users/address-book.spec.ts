import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AddressBook } from './address-book.js';

describe('an address book', () => {
  let folder: string;
  let path: string;
  const write = (content: unknown) => writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'users-'));
    path = join(folder, 'users.json');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('knows the users of each organization by themselves', async () => {
    await write({
      org_a: {
        boss: { email: 'boss@a.example', approver: true },
        clerk: { email: 'not an address' },
        list: { email: 'a@a.example,b@b.example' },
        named: { email: 'Boss <boss@a.example>' },
      },
      org_b: { boss: { email: 'boss@mailhost' } },
    });
    const book = new AddressBook(path);
    expect(await book.addressOf('org_a', 'boss')).toBe('boss@a.example');
    expect(await book.addressOf('org_b', 'boss')).toBe('boss@mailhost');
    for (const user of ['clerk', 'list', 'named', 'nobody', 'toString', '__proto__'])
      expect(await book.addressOf('org_a', user)).toBeNull();
    for (const organization of ['org_c', 'constructor']) expect(await book.addressOf(organization, 'boss')).toBeNull();
  });

  it('is read anew', async () => {
    const book = new AddressBook(path);
    await write({ org_a: { boss: { email: 'boss@new.example' } } });
    expect(await book.addressOf('org_a', 'boss')).toBe('boss@new.example');
  });

  it.each(['', '[]', '{"org_a": {"boss": {}}}'])('of another form is not taken for an empty one: %s', async (content) => {
    await write(content);
    await expect(new AddressBook(path).addressOf('org_a', 'boss')).rejects.toMatchObject({ code: 'address_book_unusable' });
    await expect(new AddressBook(join(folder, 'none')).check()).rejects.toMatchObject({ code: 'address_book_unusable' });
  });
});
