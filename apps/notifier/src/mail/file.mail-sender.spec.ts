import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { aMail, from, mailSenderContract } from '../testing/mail-sender.contract.js';
import { FileMailSender } from './file.mail-sender.js';

mailSenderContract('files in a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  const directory = join(folder, 'outbox');
  const away = join(folder, 'away');
  await mkdir(directory);
  return {
    sender: new FileMailSender({ directory, from }),
    received: async () => {
      const files = (await readdir(directory)).filter((file) => file.endsWith('.eml'));
      return Promise.all(files.map(async (file) => simpleParser(await readFile(join(directory, file)))));
    },
    breakDown: async () => {
      await rename(directory, away);
      await writeFile(directory, 'a file in the place of the folder');
    },
    mend: async () => {
      await rm(directory);
      await rename(away, directory);
    },
    end: () => rm(folder, { recursive: true }),
  };
});

describe('an outbox of files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made when it is needed, and is for nobody else to read', async () => {
    const directory = join(folder, 'made', 'when needed');
    await new FileMailSender({ directory, from }).send(aMail());
    const [file = '', ...more] = await readdir(directory);
    expect(more).toEqual([]);
    expect(file).toMatch(/^20260302T010000Z-[0-9a-f]{40}\.eml$/);
    expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
  });

  it('has a mail that is sent again once', async () => {
    const sender = new FileMailSender({ directory: folder, from });
    await Promise.all([sender.send(aMail()), sender.send(aMail()), sender.send(aMail({ id: 'event-1/auth0|clerk' }))]);
    await sender.send(aMail());
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('that cannot be written to leaves nothing behind', async () => {
    const taken = join(folder, 'taken');
    await writeFile(taken, 'a file');
    const sender = new FileMailSender({ directory: taken, from });
    await expect(sender.send(aMail())).rejects.toMatchObject({ code: 'mail_not_sent' });
    await rm(taken);
    await sender.check();
    expect(await readdir(taken)).toEqual([]);
  });
});
