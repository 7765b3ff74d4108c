import { ScriptCommand } from '../script.command.js';

export class LaunchScript extends ScriptCommand {}
