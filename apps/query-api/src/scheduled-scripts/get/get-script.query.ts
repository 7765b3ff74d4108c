import type { ScheduledScriptView } from '@scheduled-scripts/contracts';
import { ScriptQuery } from '../script.query.js';

export class GetScript extends ScriptQuery<ScheduledScriptView> {}
