import type { HistoryPlace, ListedEntry } from '@scheduled-scripts/read-model';
import { ScriptListQuery } from '../script.query.js';

export class ListHistory extends ScriptListQuery<ListedEntry, HistoryPlace> {}
