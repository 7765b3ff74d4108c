import type { UsersFile } from '@scheduled-scripts/platform';
import { z } from 'zod';

/** One address and nothing else; also one of a mail host in the own network. */
const address = z.email({ pattern: z.regexes.html5Email });

/** Where to reach users. */
export class AddressBook {
  constructor(private readonly users: Pick<UsersFile, 'usersOf'>) {}

  /** `null` for somebody of whom no proper address is known. Rejects while the file of users cannot be read. */
  async addressOf(organizationId: string, userId: string): Promise<string | null> {
    const user = (await this.users.usersOf(organizationId)).get(userId);
    return address.safeParse(user?.email).data ?? null;
  }
}
