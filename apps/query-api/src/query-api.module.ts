import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AuthModule, type AuthOptions } from '@scheduled-scripts/auth';
import type { Queryable } from '@scheduled-scripts/postgres';
import type { ReadModel } from '@scheduled-scripts/read-model';
import type { SendEventsOptions } from './http/send-events.js';
import { FollowedScripts } from './live/followed-scripts.js';
import { OpenStreams } from './live/open-streams.js';
import { BACKUP_ARCHIVE } from './scheduled-scripts/backup/backup-archive.provider.js';
import { GetBackupController } from './scheduled-scripts/backup/get-backup.controller.js';
import { GetBackupHandler } from './scheduled-scripts/backup/get-backup.handler.js';
import { FollowScriptController } from './scheduled-scripts/events/follow-script.controller.js';
import { FollowScriptHandler } from './scheduled-scripts/events/follow-script.handler.js';
import { STREAM_TIMES } from './scheduled-scripts/events/stream-times.provider.js';
import { ListExecutionsController } from './scheduled-scripts/executions/list-executions.controller.js';
import { ListExecutionsHandler } from './scheduled-scripts/executions/list-executions.handler.js';
import { GetScriptController } from './scheduled-scripts/get/get-script.controller.js';
import { GetScriptHandler } from './scheduled-scripts/get/get-script.handler.js';
import { ListHistoryController } from './scheduled-scripts/history/list-history.controller.js';
import { ListHistoryHandler } from './scheduled-scripts/history/list-history.handler.js';
import { ListScriptsController } from './scheduled-scripts/list/list-scripts.controller.js';
import { ListScriptsHandler } from './scheduled-scripts/list/list-scripts.handler.js';
import { GetProgressController } from './scheduled-scripts/progress/get-progress.controller.js';
import { GetProgressHandler } from './scheduled-scripts/progress/get-progress.handler.js';
import { READ_MODEL } from './scheduled-scripts/read-model.provider.js';
import { VisibleScripts } from './visibility/visible-scripts.js';

export interface QueryApiParts {
  readonly auth: AuthOptions;
  readonly model: ReadModel;
  readonly scripts: VisibleScripts;
  readonly archive: Queryable;
  readonly followed: FollowedScripts;
  readonly streams: OpenStreams;
  readonly streamTimes: SendEventsOptions;
}

/** What is served. */
export const controllers = [
  ListScriptsController,
  GetScriptController,
  GetProgressController,
  ListExecutionsController,
  GetBackupController,
  ListHistoryController,
  FollowScriptController,
];

const handlers = [
  ListScriptsHandler,
  GetScriptHandler,
  GetProgressHandler,
  ListExecutionsHandler,
  GetBackupHandler,
  ListHistoryHandler,
  FollowScriptHandler,
];

@Module({})
export class QueryApiModule {
  static with({ auth, model, scripts, archive, followed, streams, streamTimes }: QueryApiParts): DynamicModule {
    const parts: Provider[] = [
      { provide: READ_MODEL, useValue: model },
      { provide: VisibleScripts, useValue: scripts },
      { provide: BACKUP_ARCHIVE, useValue: archive },
      { provide: FollowedScripts, useValue: followed },
      { provide: OpenStreams, useValue: streams },
      { provide: STREAM_TIMES, useValue: streamTimes },
    ];
    return { module: QueryApiModule, imports: [CqrsModule, AuthModule.forRoot(auth)], controllers, providers: [...parts, ...handlers] };
  }
}
