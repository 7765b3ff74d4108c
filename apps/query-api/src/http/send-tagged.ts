import { isNoneMatch } from '@scheduled-scripts/contracts';
import type { FastifyReply } from 'fastify';
import { privately } from './cache-control.js';

export interface TaggedAnswer {
  readonly entityTag: string;
  readonly mediaType: string;
  readonly body: string | Buffer;
}

/** 304 when the client has this very answer already. */
export const sendTagged = (reply: FastifyReply, ifNoneMatch: string | undefined, answer: TaggedAnswer): FastifyReply => {
  void reply.headers({ ETag: answer.entityTag, 'Cache-Control': privately });
  if (isNoneMatch(ifNoneMatch, answer.entityTag)) return reply.code(304).send();
  return reply.header('Content-Type', answer.mediaType).send(answer.body);
};
