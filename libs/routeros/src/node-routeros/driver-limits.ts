import type { SentenceLimits } from '../sentence/sentence.parser.js';

/** What one session may cost us, whatever the router does. Bytes, unless the name says otherwise. */
export interface DriverLimits extends SentenceLimits {
  /** All rows and traps of one command together. */
  readonly maxReplyBytes: number;
  /** Sentences of a session that answer nothing we asked (late or unknown tags, empty sentences). */
  readonly maxStraySentences: number;
  /** One command with all its words. */
  readonly maxCommandBytes: number;
  /** How long `close` waits for the router's goodbye. */
  readonly closeTimeoutMillis: number;
}

export const defaultLimits: DriverLimits = {
  maxWordBytes: 1024 * 1024,
  maxSentenceBytes: 2 * 1024 * 1024,
  maxReplyBytes: 8 * 1024 * 1024,
  maxStraySentences: 1000,
  maxCommandBytes: 256 * 1024,
  closeTimeoutMillis: 1000,
};
