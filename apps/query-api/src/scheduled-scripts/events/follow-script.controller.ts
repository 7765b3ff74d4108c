import { Controller, Get, Headers, Inject, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes } from '@scheduled-scripts/contracts';
import type { FastifyReply } from 'fastify';
import { MinVersion } from '../../http/min-version.decorator.js';
import { sendEvents, sendEventsHead, type SendEventsOptions } from '../../http/send-events.js';
import { OpenStreams } from '../../live/open-streams.js';
import { FollowScript } from './follow-script.query.js';
import { STREAM_TIMES } from './stream-times.provider.js';

@Controller('scripts/scheduled')
export class FollowScriptController {
  constructor(
    private readonly queries: QueryBus,
    private readonly streams: OpenStreams,
    @Inject(STREAM_TIMES) private readonly times: SendEventsOptions,
  ) {}

  @Get(':id/events')
  @RequireScope(scopes.viewScripts)
  async events(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @MinVersion() minVersion: number | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const feed = await this.queries.execute(new FollowScript(caller.organizationId, id, minVersion, lastEventId));
    if (reply.request.method === 'HEAD') return sendEventsHead(reply);
    const stream = this.streams.begin(caller);
    await sendEvents(reply, stream, feed(stream.signal), this.times);
  }
}
