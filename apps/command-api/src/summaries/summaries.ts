import { parseUuid } from '@scheduled-scripts/contracts';
import type { ScriptSummaryState } from '@scheduled-scripts/domain';
import type { ScriptSummaries } from '@scheduled-scripts/event-store';
import type { Logger } from '@scheduled-scripts/platform';

export interface SummariesOptions {
  readonly repository: Pick<ScriptSummaries, 'load'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** What machines have said of scripts. */
export class Summaries {
  constructor(private readonly options: SummariesOptions) {}

  /**
   * The latest, which may be of a text that no longer stands: `summaryOf` tells. Never rejects, so that it can be read beside a command:
   * none is a poorer answer, but a command that was accepted is not to look as if it had failed.
   */
  async latest(scriptId: string): Promise<ScriptSummaryState> {
    const id = parseUuid(scriptId);
    if (id === null) return null;
    try {
      return await this.options.repository.load(id);
    } catch (error) {
      this.options.logger.warn({ err: error, scriptId: id }, 'the summary could not be read: the answer says that there is none');
      return null;
    }
  }
}
