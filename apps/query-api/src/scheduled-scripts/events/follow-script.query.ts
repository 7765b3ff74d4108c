import type { EventChunk } from '../../live/script-events.js';
import { ScriptQuery } from '../script.query.js';

/** Begins to look, until the signal is aborted. */
export type ScriptFeed = (signal: AbortSignal) => AsyncIterator<EventChunk>;

export class FollowScript extends ScriptQuery<ScriptFeed> {
  constructor(
    organizationId: string,
    scriptId: string,
    minVersion: number | undefined,
    /** `Last-Event-ID`, as it came. */
    readonly lastEventId: string | undefined,
  ) {
    super(organizationId, scriptId, minVersion);
  }
}
