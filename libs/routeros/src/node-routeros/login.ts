import { createHash } from 'node:crypto';
import type { Connector } from 'node-routeros';
import { LoginFailed, RouterUnreachable, type Reply } from '../router-session.js';
import { ProtocolViolation } from '../sentence/word-length.js';
import { exchange } from './exchange.js';

const MAX_LOGIN_REPLY_BYTES = 16 * 1024;

/** Refusals that will stay until a person changes the account; whatever else a router says at login, waiting may help. */
const ABOUT_THE_ACCOUNT = /invalid user name or password|cannot log in|access denied|not allowed|not enough permissions/i;

/**
 * Since RouterOS 6.43 the password goes in clear and is answered by a bare `!done`; older routers ignore it and answer with a
 * challenge in `=ret=`, to be returned as 00 + md5(0x00 + password + challenge).
 */
export async function logIn(connector: Connector, username: string, password: string): Promise<void> {
  const options = { maxReplyBytes: MAX_LOGIN_REPLY_BYTES, endsWithTrap: true };
  const ask = (proof: string): Promise<Reply> =>
    new Promise((resolve, reject) => exchange(connector, ['/login', `=name=${username}`, proof], options, { resolve, reject }));
  const { ret: challenge } = await ask(`=password=${password}`);
  if (challenge === null) return;
  if (!/^[0-9a-f]{32}$/i.test(challenge)) throw new ProtocolViolation('the login was answered by something that is no challenge');
  const response = createHash('md5').update('\0').update(password, 'utf8').update(challenge, 'hex').digest('hex');
  const { ret: another } = await ask(`=response=00${response}`);
  if (another !== null) throw new ProtocolViolation('the answer to the challenge was answered by another challenge');
}

/** What the refusal of a login means. A router may quote what it was sent: the password is struck out. */
export function loginRefusal(routersWords: string, password: string): LoginFailed | RouterUnreachable {
  if (ABOUT_THE_ACCOUNT.test(routersWords)) return new LoginFailed('the router does not let this user in with this password');
  const words = password === '' ? routersWords : routersWords.replaceAll(password, '***');
  return new RouterUnreachable(`the router refused the login: ${words}`);
}
