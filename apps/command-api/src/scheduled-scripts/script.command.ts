import { Command } from '@nestjs/cqrs';
import type { Caller } from '@scheduled-scripts/auth';
import type { ScheduledScript } from '@scheduled-scripts/domain';

/** What a caller wants of a script that is there; the answer is the script as it stands then. */
export abstract class ScriptCommand extends Command<ScheduledScript> {
  constructor(
    readonly caller: Caller,
    readonly scriptId: string,
    /** Only of one of these versions (`If-Match`); undefined: of any. */
    readonly ifVersions: readonly number[] | undefined,
  ) {
    super();
  }
}
