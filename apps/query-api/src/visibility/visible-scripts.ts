import { parseUuid, problem, projectionBehind } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { ReadModel, ScriptKey } from '@scheduled-scripts/read-model';
import type { Changes } from './changes.js';

export interface VisibleScriptsOptions {
  readonly model: Pick<ReadModel, 'version'>;
  readonly changes: Pick<Changes, 'count' | 'after'>;
  /** How long a caller is kept waiting for its own write; 2 s unless told. */
  readonly patienceMillis?: number;
}

const pollMillis = 200;

/** What one asks about a script that a request names. */
export interface ScriptQuestion {
  readonly organizationId: string;
  /** As the path has it. */
  readonly scriptId: string;
  /** `Min-Version`: the caller has seen this version already. */
  readonly minVersion: number | undefined;
}

/** Which script a request is about, once readers can see what its caller has seen. */
export class VisibleScripts {
  constructor(private readonly options: VisibleScriptsOptions) {}

  /**
   * Waits for the version that the caller has seen, also while there is no row yet, and then throws the contract's 503: never an older
   * state in silence. Without one, whether the script is there is left to whoever reads it.
   */
  async key({ organizationId, scriptId, minVersion }: ScriptQuestion): Promise<ScriptKey> {
    const id = parseUuid(scriptId);
    if (id === null) throw new ApiError(problem('script_not_found'));
    const key = { organizationId, scriptId: id };
    if (minVersion !== undefined) await this.wait(key, minVersion);
    return key;
  }

  /** For what lies below a script, where an empty answer would not tell: throws the 404 of what is not there or is another organization's. */
  async existingKey(question: ScriptQuestion): Promise<ScriptKey> {
    const key = await this.key(question);
    if (question.minVersion === undefined) found(await this.options.model.version(key));
    return key;
  }

  private async wait(key: ScriptKey, minVersion: number): Promise<void> {
    const { model, changes, patienceMillis = 2_000 } = this.options;
    const deadline = performance.now() + patienceMillis;
    for (;;) {
      const { count } = changes;
      const version = await model.version(key);
      if (version !== null && version >= minVersion) return;
      const left = deadline - performance.now();
      if (left <= 0) throw new ApiError(projectionBehind());
      await changes.after(count, Math.min(left, pollMillis));
    }
  }
}

/** The contract's 404 where a script was not found. */
export const found = <Found>(answer: Found | null): Found => {
  if (answer === null) throw new ApiError(problem('script_not_found'));
  return answer;
};
