import type { ReadEvent } from '@scheduled-scripts/contracts';
import { approvalWanted, cancelled, launched, launchMissed, rolloutEnded, waitsForApproval } from '../letters/letters.js';
import type { Letter } from '../letters/letter.js';
import type { KnownScript } from './known-script.js';

/** One letter to several users. */
export interface Notice {
  readonly to: readonly string[];
  readonly letter: Letter;
  /** Each of them gets a link to approve by: of this authorization. */
  readonly authorizationId?: string;
}

/** Who is told what about an event. */
export const noticesOf = (scriptId: string, known: KnownScript, { event, actor, at }: ReadEvent): readonly Notice[] => {
  const subject = { scriptId, ...known };
  switch (event.type) {
    case 'scheduled-script.authorization-requested.v1': {
      const { authorizationId, approvers, informed, unknown } = event.data;
      return [
        { to: approvers, letter: approvalWanted(subject, event.data, actor), authorizationId },
        // The unknown ones too: if nobody can be reached by then, the outbox says so.
        { to: [...informed, ...unknown], letter: waitsForApproval(subject, event.data, actor) },
      ];
    }
    case 'scheduled-script.launched.v1':
      return [{ to: known.notify, letter: launched(subject, event.data, at, actor) }];
    case 'scheduled-script.rollout-completed.v1':
      return [{ to: known.notify, letter: rolloutEnded(subject, event.data) }];
    case 'scheduled-script.cancelled.v1':
      return [{ to: known.notify, letter: event.data.reason === 'launch_missed' ? launchMissed(subject) : cancelled(subject, at, actor) }];
    default:
      return [];
  }
};
