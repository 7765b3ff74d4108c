import { ScriptCommand } from '../script.command.js';

export class AbortRollout extends ScriptCommand {}
