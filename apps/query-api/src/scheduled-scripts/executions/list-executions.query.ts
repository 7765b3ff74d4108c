import type { ExecutionPlace, ListedExecution } from '@scheduled-scripts/read-model';
import { ScriptListQuery } from '../script.query.js';

export class ListExecutions extends ScriptListQuery<ListedExecution, ExecutionPlace> {}
