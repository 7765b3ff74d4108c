import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { dependencyUnavailable } from './http/problem.js';

const user = z.looseObject({ email: z.string(), approver: z.boolean().default(false) });

/** By organization, by user id. */
const fileForm = z.record(z.string(), z.record(z.string(), user));

export interface User {
  /** As it stands there; whether mail can be sent to it is for whoever sends it to judge. */
  readonly email: string;
  /** Whether the user may approve scripts. */
  readonly approver: boolean;
}

/** The file cannot be read or has another form. */
export class UsersFileUnusable extends Error {
  readonly code = 'users_file_unusable';
  readonly api = dependencyUnavailable('The directory of users cannot be read now. Try again later.', 5);
  constructor(options: { cause: unknown }) {
    super('the file of users cannot be read, or has another form', options);
    this.name = 'UsersFileUnusable';
  }
}

/**
 * Who is who in each organization: configuration that several services read, as a JSON file `{organization: {user id: {email, approver}}}`.
 * Read anew each time, so that whoever edits it need not restart anything.
 */
export class UsersFile {
  constructor(private readonly path: string) {}

  /** By user id; nobody for an organization that the file does not name. Rejects with `UsersFileUnusable`. */
  async usersOf(organizationId: string): Promise<ReadonlyMap<string, User>> {
    const organizations = new Map(Object.entries(await this.read()));
    return new Map(Object.entries(organizations.get(organizationId) ?? {}));
  }

  /** Rejects with `UsersFileUnusable`. */
  async check(): Promise<void> {
    await this.read();
  }

  private async read(): Promise<z.output<typeof fileForm>> {
    try {
      return fileForm.parse(JSON.parse(await readFile(this.path, 'utf8')));
    } catch (cause) {
      throw new UsersFileUnusable({ cause });
    }
  }
}
