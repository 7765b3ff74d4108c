import { ScriptCommand } from '../script.command.js';

export class AuthorizeScript extends ScriptCommand {}
