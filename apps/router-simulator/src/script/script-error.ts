import type { Value } from './values.js';

/** An error that `on-error` and `:onerror` can catch; the message is what they see. */
export class ScriptError extends Error {
  readonly code = 'script_error';
}

/** `:return`. */
export class ReturnSignal {
  constructor(readonly value: Value) {}
}

/** `:exit` and `/quit` end everything up to the job, past every handler. */
export class ExitSignal {}
