import type { Decision } from '../decider.js';
import type { ScheduledScriptCommand, ScheduledScriptRejection } from './scheduled-script.commands.js';
import type { ScheduledScriptEvent } from './scheduled-script.events.js';
import type { ScheduledScript } from './scheduled-script.state.js';

export type On<Type extends ScheduledScriptCommand['type']> = Extract<ScheduledScriptCommand, { type: Type }>;
export type Decided = Decision<ScheduledScriptEvent, ScheduledScriptRejection>;

/** Nothing about a script changes any more once it was launched or cancelled. */
export const whyOver = (script: ScheduledScript): ScheduledScriptRejection | null => {
  if (script.status === 'launched') return { code: 'script_already_launched' };
  if (script.status === 'cancelled') return { code: 'script_cancelled' };
  return null;
};

/** What is checked before a command's own rules, in the order of the wire contract: 403, then 412. */
export const whyNotAllowed = (
  command: Exclude<ScheduledScriptCommand, On<'create'>>,
  script: ScheduledScript,
): ScheduledScriptRejection | null => {
  if ('allowSelfAuthorization' in command && !command.allowSelfAuthorization && script.authors.includes(command.by)) {
    return { code: 'self_authorization_forbidden' };
  }
  if ('ifVersions' in command && command.ifVersions !== undefined && !command.ifVersions.includes(script.version)) {
    return { code: 'revision_mismatch', version: script.version };
  }
  return null;
};
