import { Query } from '@nestjs/cqrs';
import type { ScheduledScriptView } from '@scheduled-scripts/contracts';
import type { Page, ScriptListQuery } from '@scheduled-scripts/read-model';

export class ListScripts extends Query<Page<ScheduledScriptView>> {
  constructor(readonly wanted: ScriptListQuery) {
    super();
  }
}
