import type { UsersFile } from '@scheduled-scripts/platform';
import type { KnownUsers, UserDirectory } from './user-directory.js';

export class FileUserDirectory implements UserDirectory {
  constructor(private readonly file: Pick<UsersFile, 'usersOf'>) {}

  async known(organizationId: string, userIds: readonly string[]): Promise<KnownUsers> {
    const users = await this.file.usersOf(organizationId);
    return {
      approvers: userIds.filter((id) => users.get(id)?.approver === true),
      informed: userIds.filter((id) => users.get(id)?.approver === false),
      unknown: userIds.filter((id) => !users.has(id)),
    };
  }
}

/** Where no directory is configured: nobody is known, so nobody can be asked. */
export const emptyUserDirectory: UserDirectory = {
  known: (_organizationId, userIds) => Promise.resolve({ approvers: [], informed: [], unknown: userIds }),
};
