import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** By organization, by user id. Fields for other readers of the file may stand beside the address. */
const fileForm = z.record(z.string(), z.record(z.string(), z.looseObject({ email: z.string() })));
/** One address and nothing else; also one of a mail host in the own network. */
const address = z.email({ pattern: z.regexes.html5Email });

/** The file cannot be read or has another form. */
export class AddressBookUnusable extends Error {
  readonly code = 'address_book_unusable';
  constructor(options: { cause: unknown }) {
    super('the file of users cannot be read, or has another form', options);
    this.name = 'AddressBookUnusable';
  }
}

/** Where to reach users: a JSON file, read anew each time, so that whoever edits it need not restart anything. */
export class AddressBook {
  constructor(private readonly path: string) {}

  /** `null` for somebody of whom no proper address is known. Rejects with `AddressBookUnusable`. */
  async addressOf(organizationId: string, userId: string): Promise<string | null> {
    const users = new Map(Object.entries((await this.read()).get(organizationId) ?? {}));
    const parsed = address.safeParse(users.get(userId)?.email);
    return parsed.success ? parsed.data : null;
  }

  /** For readiness. Rejects with `AddressBookUnusable`. */
  async check(): Promise<void> {
    await this.read();
  }

  private async read() {
    try {
      return new Map(Object.entries(fileForm.parse(JSON.parse(await readFile(this.path, 'utf8')))));
    } catch (cause) {
      throw new AddressBookUnusable({ cause });
    }
  }
}
