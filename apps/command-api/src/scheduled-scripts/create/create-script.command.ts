import { Command } from '@nestjs/cqrs';
import type { Caller } from '@scheduled-scripts/auth';
import type { CreateScriptRequest } from '@scheduled-scripts/contracts';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import type { ReservedId } from '../../idempotency/idempotency-keys.js';

export class CreateScript extends Command<ScheduledScript> {
  constructor(
    readonly caller: Caller,
    readonly reserved: ReservedId,
    readonly request: CreateScriptRequest,
  ) {
    super();
  }
}
