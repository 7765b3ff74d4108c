import { accept, fact, reject } from '../decider.js';
import { addMillis } from '../timestamp.js';
import { type Decided, type On, whyOver } from './scheduled-script.decision.js';
import type { ScheduledScript } from './scheduled-script.state.js';

export const launchOnSchedule = (command: On<'launch-on-schedule'>, script: ScheduledScript): Decided => {
  if (script.status === 'launched') return accept();
  if (script.status !== 'scheduled') return reject({ code: 'not_launchable', status: script.status });
  if (command.at < script.launchAt) return reject({ code: 'launch_too_early' });
  if (command.at > addMillis(script.launchAt, command.graceMillis)) {
    return accept(fact('scheduled-script.cancelled.v1', command, { reason: 'launch_missed' }));
  }
  const windowEndsAt = addMillis(command.at, command.windowMillis);
  return accept(fact('scheduled-script.launched.v1', command, { trigger: 'schedule', windowEndsAt }));
};

export const launchByHand = (command: On<'launch-by-hand'>, script: ScheduledScript): Decided => {
  const over = whyOver(script);
  if (over !== null) return reject(over);
  if (script.status !== 'scheduled') return reject({ code: 'not_launchable', status: script.status });
  const windowEndsAt = addMillis(command.at, command.windowMillis);
  return accept(fact('scheduled-script.launched.v1', command, { trigger: 'hand', windowEndsAt }));
};
