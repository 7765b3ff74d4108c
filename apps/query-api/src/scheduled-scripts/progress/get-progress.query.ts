import type { Progress } from '@scheduled-scripts/contracts';
import { ScriptQuery } from '../script.query.js';

export class GetProgress extends ScriptQuery<Progress> {}
