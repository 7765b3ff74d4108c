import { readFile } from 'node:fs/promises';
import { problem } from '@scheduled-scripts/contracts';
import { z } from 'zod';
import type { KnownUsers, UserDirectory } from './user-directory.js';

/** By organization, by user id. Fields for other readers of the file may stand beside these. */
const fileForm = z.record(z.string(), z.record(z.string(), z.looseObject({ email: z.string(), approver: z.boolean().default(false) })));

/** The file cannot be read or has another form. */
export class UserDirectoryUnusable extends Error {
  readonly code = 'user_directory_unusable';
  readonly api = problem('dependency_unavailable', { headers: { 'Retry-After': '5' } });
  constructor(options: { cause: unknown }) {
    super('the file of users cannot be read, or has another form', options);
    this.name = 'UserDirectoryUnusable';
  }
}

/** A JSON file, read anew each time, so that whoever edits it need not restart anything. */
export class FileUserDirectory implements UserDirectory {
  constructor(private readonly path: string) {}

  async known(organizationId: string, userIds: readonly string[]): Promise<KnownUsers> {
    const users = new Map(Object.entries((await this.read())[organizationId] ?? {}));
    return {
      approvers: userIds.filter((id) => users.get(id)?.approver === true),
      informed: userIds.filter((id) => users.get(id)?.approver === false),
      unknown: userIds.filter((id) => !users.has(id)),
    };
  }

  /** Rejects with `UserDirectoryUnusable`. */
  async check(): Promise<void> {
    await this.read();
  }

  private async read(): Promise<z.output<typeof fileForm>> {
    try {
      return fileForm.parse(JSON.parse(await readFile(this.path, 'utf8')));
    } catch (cause) {
      throw new UserDirectoryUnusable({ cause });
    }
  }
}

/** Where no directory is configured: nobody is known, so nobody can be asked. */
export const emptyUserDirectory: UserDirectory = {
  known: (_organizationId, userIds) => Promise.resolve({ approvers: [], informed: [], unknown: userIds }),
};
