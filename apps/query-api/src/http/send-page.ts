import { limits, type PageQuery } from '@scheduled-scripts/contracts';
import type { Page, PageSize } from '@scheduled-scripts/read-model';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { privately } from './cache-control.js';
import { decodeCursor, encodeCursor } from './cursor.js';

/** How a list is told, page by page. */
export interface PageForm<Item, Place> {
  /** What stands in the body for an item. */
  readonly json: (item: Item) => unknown;
  /** The place of an item in the list, for the cursor of a page that begins behind it. */
  readonly cursorOf: (item: Item) => readonly (string | number)[];
  /** The same, as it comes back. */
  readonly cursor: z.ZodType<Place>;
}

export interface AskedPage<Place> {
  /** Where the page before ended. */
  readonly after: Place | undefined;
  readonly size: PageSize;
}

export const askedPage = <Place>({ cursor, limit }: PageQuery, form: Pick<PageForm<never, Place>, 'cursor'>): AskedPage<Place> => ({
  after: decodeCursor(form.cursor, cursor),
  size: { rows: limit ?? limits.pageRows, bytes: limits.pageBytes },
});

/** An address for the same list from another place on; relative, so that it holds behind whatever serves us. */
const nextOf = (url: string, cursor: string): string => {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
};

/** A bare array of at most 8 MiB, but never an empty one where there is something; `Link` names the next page if there is one. */
export const sendPage = <Item>(
  reply: FastifyReply,
  page: Page<Item>,
  form: Pick<PageForm<Item, never>, 'json' | 'cursorOf'>,
): FastifyReply => {
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
  if (more && last !== undefined) void reply.header('Link', nextOf(reply.request.url, encodeCursor(form.cursorOf(last))));
  return reply
    .header('Cache-Control', privately)
    .type('application/json; charset=utf-8')
    .send(`[${parts.join(',')}]`);
};
