import { fromMessage, type MessageContent } from '@scheduled-scripts/contracts';
import type { Transaction } from '@scheduled-scripts/postgres';
import { lockForWriting } from '../generations/generations.js';
import { projectHistory, type HistoryEntry } from './script-history.projection.js';
import { foldScripts, writeScripts, type ScriptChange } from './scheduled-script.projection.js';
import { nextPositions } from './script-positions.js';
import type { ExecutionEvent } from './site-execution.fold.js';
import { foldExecutions, writeExecutions, type ExecutionChange } from './site-execution.projection.js';

export interface Projected {
  readonly applied: number;
  /** Of types that this code does not know: a newer producer is at work, and a rebuild by newer code will read them. */
  readonly unknown: number;
}

const outcomes: ReadonlySet<ExecutionEvent['type']> = new Set([
  'site-execution.completed.v1',
  'site-execution.failed.v1',
  'site-execution.resolved.v1',
]);

/**
 * Brings a generation up to these messages, in the caller's transaction: each row is written once a batch. Messages of one key come
 * in order and may repeat; the topics have no order between them. Throws `MalformedMessage` and `BeginningMissing` for a message that
 * cannot be applied, and `GenerationRetired` when nobody may write to the generation any more.
 */
export const project = async (tx: Transaction, generation: number, messages: readonly MessageContent[]): Promise<Projected> => {
  const scripts: ScriptChange[] = [];
  const executions: ExecutionChange[] = [];
  const history: HistoryEntry[] = [];
  let unknown = 0;
  for (const message of messages) {
    const read = fromMessage(message);
    if (read.kind === 'unknown') {
      unknown += 1;
      continue;
    }
    const { event } = read;
    switch (event.type) {
      case 'site-execution.requested.v1':
      case 'site-execution.claimed.v1':
      case 'site-execution.prepared.v1':
      case 'site-execution.issued.v1':
      case 'site-execution.completed.v1':
      case 'site-execution.failed.v1':
      case 'site-execution.resolved.v1':
        executions.push({ read, event });
        // A rollout's outcomes are thousands, and told by `rollout-completed`; a test's are part of the script's story.
        if (event.data.kind === 'test' && outcomes.has(event.type)) {
          history.push({ scriptId: event.data.scriptId, read, data: message.value });
        }
        break;
      default:
        scripts.push({ scriptId: read.key, read, event });
        history.push({ scriptId: read.key, read, data: message.value });
    }
  }
  await lockForWriting(tx, generation);
  const movedScripts = await foldScripts(tx, generation, scripts);
  const movedExecutions = await foldExecutions(tx, generation, executions);
  const changed = [...movedScripts.map(({ id }) => id), ...movedExecutions.flatMap(({ row, isSeen }) => (isSeen ? [row.scriptId] : []))];
  const positions = await nextPositions(tx, generation, changed);
  await writeScripts(tx, generation, movedScripts);
  await writeExecutions(
    tx,
    generation,
    movedExecutions.map(({ row, isSeen }) => (isSeen ? { ...row, position: positions.get(row.scriptId) ?? 0 } : row)),
  );
  await projectHistory(tx, generation, history);
  return { applied: messages.length - unknown, unknown };
};
