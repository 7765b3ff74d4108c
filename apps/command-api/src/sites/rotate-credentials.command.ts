import type { ServiceCommand } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';
import { credentialKeys, reencryptCredentials, type KeyRing } from '@scheduled-scripts/site-directory';

export interface RotationAccess {
  readonly database: Database;
  readonly keyRing: KeyRing;
}

const counted = (sites: number): string => `${sites} ${sites === 1 ? 'site' : 'sites'}`;

const rotate = async ({ database, keyRing }: RotationAccess, print: (line: string) => void): Promise<number> => {
  print(`the current key is ${keyRing.currentKeyId}`);
  const { sealed, unreadable } = await reencryptCredentials(database, keyRing, {
    onBatch: (soFar) => print(`sealed anew: ${soFar.sealed}`),
  });
  const uses = await credentialKeys(database);
  const left = uses.filter(({ keyId }) => keyId !== keyRing.currentKeyId);
  for (const { keyId, sites } of uses)
    print(`under ${keyId}: ${counted(sites)}${keyRing.keys.has(keyId) ? '' : ', and the ring has no such key'}`);
  if (unreadable > 0)
    print(`${counted(unreadable)} could not be opened with any key of the ring: put the missing key in, or give the passwords anew`);
  if (left.length > 0 && unreadable === 0)
    print('somebody still seals with another key: restart that replica with this ring, and run this again');
  if (left.length === 0) print(`done: ${sealed} sealed anew, no other key is needed`);
  return left.length === 0 ? 0 : 1;
};

/**
 * `--rotate-credentials`: what the housekeeping does from time to time, now, and told. It may be ended anywhere and run again. Exit
 * codes: 0 when the current key alone is in use, 1 when others still are, 2 for wrong arguments.
 */
export const rotateCredentialsCommand = <Env>(open: (env: Env) => Promise<RotationAccess>): ServiceCommand<Env> => ({
  usage: '',
  description: 'seals every password of a site that an older key holds with the current key, and says which keys are still needed',
  run: async (env, args, print) => {
    if (args.length > 0) {
      print('usage: --rotate-credentials');
      return 2;
    }
    const access = await open(env);
    try {
      return await rotate(access, print);
    } finally {
      await access.database.close();
    }
  },
});
