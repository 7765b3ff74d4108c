import { hash } from 'node:crypto';
import { ProblemError, type CreateSite } from '@scheduled-scripts/client';
import type { Connection } from '../stack/connection.js';
import { clientsOf, insist } from './clients.js';

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
const siteIdOf = ({ name, host }: RouterToRegister): string => `site_${hash('sha256', `${name}/${host}`).slice(0, 24)}`;

const settings = ({ name, host, port, username, password, serial }: RouterToRegister): CreateSite => ({
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
  const { author } = clientsOf(connection);
  const register = async (router: RouterToRegister): Promise<RegisteredRouter> => {
    const id = siteIdOf(router);
    try {
      await insist(() => author.createSite({ body: { id, ...settings(router) } }));
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'site_already_exists') throw error;
      await insist(() => author.changeSite({ id, body: settings(router) }));
    }
    return { siteId: id, name: router.name, host: router.host, port: router.port };
  };
  return Promise.all(routers.map(register));
};
