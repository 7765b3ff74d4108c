import { Query } from '@nestjs/cqrs';
import type { Page } from '@scheduled-scripts/read-model';
import type { AskedPage } from '../http/send-page.js';
import type { ScriptQuestion } from '../visibility/visible-scripts.js';

/** What a caller wants to know of one script of its organization. */
export abstract class ScriptQuery<Answer> extends Query<Answer> implements ScriptQuestion {
  constructor(
    readonly organizationId: string,
    readonly scriptId: string,
    readonly minVersion: number | undefined,
  ) {
    super();
  }
}

/** A page of a list below a script. */
export abstract class ScriptListQuery<Item, Place> extends ScriptQuery<Page<Item>> {
  constructor(
    organizationId: string,
    scriptId: string,
    minVersion: number | undefined,
    readonly page: AskedPage<Place>,
  ) {
    super(organizationId, scriptId, minVersion);
  }
}
