import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModel } from '@scheduled-scripts/read-model';
import { parseEventId } from '../../live/event-id.js';
import { FollowedScripts } from '../../live/followed-scripts.js';
import { scriptEvents } from '../../live/script-events.js';
import { VisibleScripts } from '../../visibility/visible-scripts.js';
import { READ_MODEL } from '../read-model.provider.js';
import { FollowScript, type ScriptFeed } from './follow-script.query.js';

@QueryHandler(FollowScript)
export class FollowScriptHandler implements IQueryHandler<FollowScript> {
  constructor(
    private readonly scripts: VisibleScripts,
    @Inject(READ_MODEL) private readonly model: ReadModel,
    private readonly followed: FollowedScripts,
  ) {}

  async execute(query: FollowScript): Promise<ScriptFeed> {
    const key = await this.scripts.existingKey(query);
    const head = (await this.model.positions([key.scriptId])).of(key.scriptId);
    const told = parseEventId(query.lastEventId);
    const { followed } = this;
    return async function* follow(signal) {
      const script = followed.join(key);
      try {
        yield* scriptEvents({ script, head, told, signal });
      } finally {
        followed.leave(script);
      }
    };
  }
}
