import { ScriptCommand } from '../script.command.js';

export class TestScript extends ScriptCommand {}
