import type { Caller } from '@scheduled-scripts/auth';
import type { ReviseScriptRequest } from '@scheduled-scripts/contracts';
import { ScriptCommand } from '../script.command.js';

export class ReviseScript extends ScriptCommand {
  constructor(
    caller: Caller,
    scriptId: string,
    ifVersions: readonly number[] | undefined,
    /** What the body means; throws the 422 that comes after whatever the script itself may stand against. */
    readonly request: () => ReviseScriptRequest,
  ) {
    super(caller, scriptId, ifVersions);
  }
}
