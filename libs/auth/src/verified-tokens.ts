import { hash, type KeyObject } from 'node:crypto';
import type { Caller } from './caller.js';
import type { SigningAlgorithm } from './signing-keys.js';

/** A token whose signature and claims were found to be good. */
export interface VerifiedToken {
  readonly caller: Caller;
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  /** The key that the signature was checked with. */
  readonly key: KeyObject;
  /** Its claims `nbf` and `exp`, in seconds since the epoch. */
  readonly notBefore: number;
  readonly expires: number;
}

const maxTokens = 10_000;

// Not the token itself: what lies in memory shall open nothing.
const digestOf = (token: string): string => hash('sha256', token, 'base64');

/**
 * Callers send one token many times, and to check a signature costs more than all else that a request needs. Only tokens that were found
 * to be good are remembered; whether one still is, the caller of `recall` judges each time. Bounded: the oldest are forgotten.
 */
export class VerifiedTokens {
  readonly #tokens = new Map<string, VerifiedToken>();

  recall(token: string, isStillGood: (verified: VerifiedToken) => boolean): Caller | undefined {
    const digest = digestOf(token);
    const verified = this.#tokens.get(digest);
    if (verified === undefined) return undefined;
    if (isStillGood(verified)) return verified.caller;
    this.#tokens.delete(digest);
    return undefined;
  }

  remember(token: string, verified: VerifiedToken): void {
    this.#tokens.set(digestOf(token), verified);
    if (this.#tokens.size <= maxTokens) return;
    for (const oldest of this.#tokens.keys()) {
      this.#tokens.delete(oldest);
      return;
    }
  }
}
