import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { faultsSchema } from '../faults/fault-schema.js';
import type { RunningRouter } from './running-router.js';

const bodyLimit = 1_000_000;
const powerLossSchema = z.strictObject({ loseMillis: z.number().int().min(0).max(120_000).optional() });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const found = (body: unknown): Answer => ({ status: 200, body });
const notFound: Answer = { status: 404, body: { error: 'not found' } };

export interface ControlOptions {
  readonly token: string;
  /** Given to whoever asks, so that a second start can tell that this one runs. */
  readonly instance: string;
  readonly routers: () => readonly RunningRouter[];
}

/** What demos and tests do to routers behind their backs. Loopback only, with a token. */
export const controlServer = (options: ControlOptions): Server =>
  createServer((request, response) => {
    void respond(request, response, options);
  });

const respond = async (request: IncomingMessage, response: ServerResponse, options: ControlOptions): Promise<void> => {
  const { status, body } = await answer(request, options).catch((error: unknown): Answer => {
    return { status: 400, body: { error: error instanceof Error ? error.message : 'bad request' } };
  });
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
};

const answer = async (request: IncomingMessage, options: ControlOptions): Promise<Answer> => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  if (method === 'GET' && url.pathname === '/health') return found({ instance: options.instance });
  if (!isAllowed(request, options.token)) return { status: 401, body: { error: 'token wanted' } };
  const [, collection, name, what = ''] = url.pathname.split('/');
  if (collection !== 'routers') return notFound;
  if (name === undefined) return found({ routers: options.routers().map((router) => router.description) });
  const router = options.routers().find((candidate) => candidate.description.name === name);
  if (!router) return notFound;
  return onRouter(router, `${method} ${what}`, url.searchParams, await readBody(request));
};

const onRouter = (router: RunningRouter, request: string, query: URLSearchParams, body: unknown): Answer => {
  switch (request) {
    case 'GET ':
      return found(router.description);
    case 'GET faults':
      return found(router.faults);
    case 'PUT faults':
      router.setFaults(faultsSchema.parse(body));
      return found(router.faults);
    case 'DELETE faults':
      router.setFaults({});
      return found(router.faults);
    case 'POST reboot':
      router.reboot();
      return found({});
    case 'POST power-loss':
      router.losePower(powerLossSchema.parse(body ?? {}).loseMillis);
      return found({});
    case 'GET journal':
      return found({ journal: router.journal() });
    case 'GET rows':
      return found({ rows: router.rows(query.get('menu') ?? '') });
    default:
      return notFound;
  }
};

const isAllowed = (request: IncomingMessage, token: string): boolean => {
  const given = Buffer.from((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > bodyLimit) throw new Error('body too large');
  }
  return text === '' ? null : (JSON.parse(text) as unknown);
};
