import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

export interface ServedRoute {
  readonly method: string;
  /** As the application has it, with its parameters. */
  readonly path: string;
  /** No token is asked for. */
  readonly isPublic: boolean;
}

/** What applications that start from now on serve, as they are told themselves. */
export interface RouteWatch {
  /** Of the application that listens there. */
  at(url: string): readonly ServedRoute[];
  stop(): void;
}

const created = 'fastify.initialization';

const isHidden = (method: string, config: object | undefined): boolean =>
  method === 'HEAD' && config !== undefined && 'head' in config && config.head === false;

const isOpen = (config: object | undefined): boolean => config !== undefined && 'public' in config && config.public === true;

export const watchRoutes = (): RouteWatch => {
  const seen: { readonly app: FastifyInstance; readonly routes: ServedRoute[] }[] = [];
  const meet = (message: unknown): void => {
    const { fastify: app } = message as { readonly fastify: FastifyInstance };
    const routes: ServedRoute[] = [];
    app.addHook('onRoute', ({ method, url, config }) => {
      for (const one of [method].flat()) if (!isHidden(one, config)) routes.push({ method: one, path: url, isPublic: isOpen(config) });
    });
    seen.push({ app, routes });
  };
  subscribe(created, meet);
  return {
    at: (url) => {
      const port = Number(new URL(url).port);
      const found = seen.find(({ app }) => (app.server.address() as AddressInfo | null)?.port === port);
      if (!found) throw new Error(`no application was seen to listen at ${url}`);
      return found.routes;
    },
    stop: () => void unsubscribe(created, meet),
  };
};
