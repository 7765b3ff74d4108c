import { Controller, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes, scriptRequests, type CreateScriptRequest } from '@scheduled-scripts/contracts';
import { uuidv7 } from '@scheduled-scripts/event-store';
import { LateBody } from '@scheduled-scripts/platform';
import type { FastifyReply } from 'fastify';
import { sendPresented } from '../../http/presented.js';
import { IdempotencyKeys, type ReservedId } from '../../idempotency/idempotency-keys.js';
import { IdempotencyKey, type GivenKey } from '../../idempotency/idempotency-key.decorator.js';
import { presentScript } from '../present-script.js';
import { CreateScript } from './create-script.command.js';

@Controller('scripts/scheduled')
export class CreateScriptController {
  constructor(
    private readonly commands: CommandBus,
    private readonly keys: IdempotencyKeys,
  ) {}

  @Post()
  @RequireScope(scopes.createScripts)
  async create(
    @Caller() caller: Caller,
    @IdempotencyKey() given: GivenKey | null,
    @LateBody(scriptRequests.create) body: LateBody<CreateScriptRequest>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const create = async (reserved: ReservedId) =>
      presentScript(await this.commands.execute(new CreateScript(caller, reserved, body())), 201);
    const answer = given
      ? await this.keys.once({ ...given, organizationId: caller.organizationId, caller: caller.sub }, create)
      : await create({ id: uuidv7(), isRepeat: false });
    sendPresented(reply, answer);
  }
}
