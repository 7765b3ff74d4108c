import { ScriptCommand } from '../script.command.js';

export class CancelScript extends ScriptCommand {}
