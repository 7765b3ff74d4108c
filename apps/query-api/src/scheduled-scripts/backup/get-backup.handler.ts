import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { parseUuid, problem } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { Queryable } from '@scheduled-scripts/postgres';
import type { ReadModel } from '@scheduled-scripts/read-model';
import { findBackup } from '@scheduled-scripts/site-directory/backups';
import { VisibleScripts } from '../../visibility/visible-scripts.js';
import { BACKUP_ARCHIVE } from './backup-archive.provider.js';
import { READ_MODEL } from '../read-model.provider.js';
import { GetBackup, type FoundBackup } from './get-backup.query.js';

@QueryHandler(GetBackup)
export class GetBackupHandler implements IQueryHandler<GetBackup> {
  constructor(
    private readonly scripts: VisibleScripts,
    @Inject(READ_MODEL) private readonly model: ReadModel,
    @Inject(BACKUP_ARCHIVE) private readonly archive: Queryable,
  ) {}

  async execute(query: GetBackup): Promise<FoundBackup> {
    const key = await this.scripts.existingKey(query);
    const executionId = parseUuid(query.executionId);
    const execution = executionId && (await this.model.execution({ ...key, executionId }));
    if (!execution) throw new ApiError(problem('execution_not_found'));
    const { backup, id } = execution;
    const backupText = backup && (await findBackup(this.archive, { ...key, executionId: id, sha256: backup.sha256 }));
    if (!backupText) throw new ApiError(problem('backup_not_found'));
    return backupText;
  }
}
