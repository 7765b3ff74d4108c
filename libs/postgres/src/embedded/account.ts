import { readFileSync } from 'node:fs';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Postgres refuses to run as root. Then it runs as an account that already exists; nobody is created. */
export const unprivilegedAccount = (): Account | null => {
  if (process.getuid?.() !== 0) return null;
  const accounts = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const account = accounts.get('postgres') ?? accounts.get('nobody');
  if (!account || account.uid === 0) throw new Error('Postgres cannot run as root, and neither "postgres" nor "nobody" exists here');
  return account;
};
