import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import { ApiError } from '@scheduled-scripts/platform';
import { v7 } from 'uuid';
import { USER_DIRECTORY, type UserDirectory } from '../../users/user-directory.js';
import { Scripts, tooBusy } from '../scripts.js';
import { RequestAuthorization } from './request-authorization.command.js';

/** How long other versions may come in between. */
const patienceMillis = 5_000;
const fewestAttempts = 5;

const isStale = (error: unknown): boolean => error instanceof ApiError && error.api.code === 'revision_mismatch';

@CommandHandler(RequestAuthorization)
export class RequestAuthorizationHandler implements ICommandHandler<RequestAuthorization> {
  constructor(
    private readonly scripts: Scripts,
    @Inject(USER_DIRECTORY) private readonly users: UserDirectory,
  ) {}

  /** Who is asked is looked up for one version; when another comes in between, it is looked up again. */
  async execute({ caller, scriptId, ifVersions }: RequestAuthorization): Promise<ScheduledScript> {
    const deadline = performance.now() + patienceMillis;
    for (let attempt = 1; ; attempt += 1) {
      const prepared = await this.scripts.prepare(caller, scriptId);
      const script = prepared.state;
      const recipients = await this.users.known(caller.organizationId, script.notify);
      const isMeant = ifVersions === undefined || ifVersions.includes(script.version);
      const request = { type: 'request-authorization', authorizationId: v7(), recipients } as const;
      try {
        return await this.scripts.decide(caller, scriptId, { ...request, ifVersions: isMeant ? [script.version] : ifVersions }, prepared);
      } catch (error) {
        if (!isMeant || !isStale(error)) throw error;
        if (attempt >= fewestAttempts && performance.now() > deadline) throw tooBusy(error);
      }
    }
  }
}
