import { Query } from '@nestjs/cqrs';
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
