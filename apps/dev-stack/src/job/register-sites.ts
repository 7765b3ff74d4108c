import { createHash } from 'node:crypto';
import type { Connection } from '../stack/connection.js';
import { UnexpectedAnswer, createApi } from './api.js';

export interface RouterToRegister {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly serial?: string;
}

export interface RegisteredRouter {
  readonly siteId: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** An inventory has ids of its own; ours follow from the address, so that a second start finds its sites again. */
const siteIdOf = ({ name, host }: RouterToRegister): string =>
  `site_${createHash('sha256').update(`${name}/${host}`).digest('hex').slice(0, 24)}`;

const settings = ({ name, host, port, username, password, serial }: RouterToRegister) => ({
  name,
  host,
  port,
  tls: port === 8729 ? 'verify' : 'none',
  username,
  password,
  ...(serial === undefined ? {} : { serial }),
});

/** Through `POST /sites`, like anybody; one that is known already is brought up to date. */
export const registerSites = async (
  connection: Pick<Connection, 'baseUrl' | 'tokens'>,
  routers: readonly RouterToRegister[],
): Promise<readonly RegisteredRouter[]> => {
  const api = createApi(connection.baseUrl);
  const { author } = connection.tokens;
  const register = async (router: RouterToRegister): Promise<RegisteredRouter> => {
    const siteId = siteIdOf(router);
    try {
      await api.insist('POST', '/sites', author, { id: siteId, ...settings(router) });
    } catch (error) {
      if (!(error instanceof UnexpectedAnswer) || error.status !== 409) throw error;
      await api.insist('PATCH', `/sites/${siteId}`, author, settings(router));
    }
    return { siteId, name: router.name, host: router.host, port: router.port };
  };
  return Promise.all(routers.map(register));
};
