import { ScriptQuery } from '../script.query.js';

export interface FoundBackup {
  readonly text: Buffer;
  readonly sha256: string;
}

export class GetBackup extends ScriptQuery<FoundBackup> {
  constructor(
    organizationId: string,
    scriptId: string,
    minVersion: number | undefined,
    readonly executionId: string,
  ) {
    super(organizationId, scriptId, minVersion);
  }
}
