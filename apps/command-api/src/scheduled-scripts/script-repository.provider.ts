/** What Nest injects the `ScheduledScripts` of the event store by. */
export const SCRIPT_REPOSITORY = Symbol('ScheduledScripts');
