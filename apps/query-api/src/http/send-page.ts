import { limits } from '@scheduled-scripts/contracts';
import type { Page, PageSize } from '@scheduled-scripts/read-model';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodeCursor } from './cursor.js';

export const pageSize = (rows: number = limits.pageRows): PageSize => ({ rows, bytes: limits.pageBytes });

export interface PageForm<Item> {
  /** What stands in the body for an item. */
  readonly json: (item: Item) => unknown;
  /** The place of an item in the list, for the cursor of a page that begins behind it. */
  readonly place: (item: Item) => readonly (string | number)[];
}

/** An address for the same list from another place on; relative, so that it holds behind whatever serves us. */
const nextOf = (request: FastifyRequest, cursor: string): string => {
  const [path = '', query = ''] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
};

/** A bare array of at most 8 MiB, but never an empty one where there is something; `Link` names the next page if there is one. */
export const sendPage = <Item>(request: FastifyRequest, reply: FastifyReply, page: Page<Item>, form: PageForm<Item>): FastifyReply => {
  const parts: string[] = [];
  let bytes = 2;
  let last: Item | undefined;
  for (const item of page.items) {
    const part = JSON.stringify(form.json(item));
    bytes += Buffer.byteLength(part) + 1;
    if (bytes > limits.pageBytes && parts.length > 0) break;
    parts.push(part);
    last = item;
  }
  const more = page.more || parts.length < page.items.length;
  if (more && last !== undefined) void reply.header('Link', nextOf(request, encodeCursor(form.place(last))));
  return reply.type('application/json; charset=utf-8').send(`[${parts.join(',')}]`);
};
