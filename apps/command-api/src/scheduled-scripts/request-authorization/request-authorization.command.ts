import { ScriptCommand } from '../script.command.js';

export class RequestAuthorization extends ScriptCommand {}
