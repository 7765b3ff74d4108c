import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { issuerUnavailable } from './auth.error.js';

export type SigningAlgorithm = 'RS256' | 'ES256';

export interface SigningKey {
  readonly key: KeyObject;
  readonly algorithm: SigningAlgorithm;
}

export interface SigningKeysOptions {
  readonly jwksUri: string;
  readonly now: () => number;
  /** After so long the issuer is asked again, beside the requests, so that a key that it has withdrawn goes here too. */
  readonly refreshMillis?: number;
  /** The issuer is asked at most this often, whatever tokens arrive. */
  readonly cooldownMillis?: number;
  /** How long keys are believed while the issuer does not answer. */
  readonly maxAgeMillis?: number;
  readonly timeoutMillis?: number;
}

const maxKeySetLength = 256 * 1024;

/**
 * The issuer's public keys by `kid`. A key that is known is found at once, whether the issuer answers or not. A `kid` that is not
 * known waits for one more question to the issuer: so a rotation refuses nobody, and a flood of invented ones costs the issuer
 * one question per cooldown and delays nobody whose key is known.
 */
export class SigningKeys {
  #keys: ReadonlyMap<string, SigningKey> = new Map();
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(private readonly options: SigningKeysOptions) {}

  /** A key that needs no question, `undefined` without one. */
  known(kid: string): SigningKey | undefined {
    const { refreshMillis = 300_000, maxAgeMillis = 86_400_000 } = this.options;
    const age = this.options.now() - this.#fetchedAt;
    const known = age < maxAgeMillis ? this.#keys.get(kid) : undefined;
    if (known !== undefined && age >= refreshMillis) this.refresh().catch(() => undefined);
    return known;
  }

  /** `undefined` when the issuer does not know the key; throws `dependency_unavailable` when it could not be asked. */
  async find(kid: string): Promise<SigningKey | undefined> {
    const known = this.known(kid);
    if (known !== undefined) return known;
    await this.refresh();
    return this.#keys.get(kid);
  }

  /** Resolves after a question that was asked after this call: one under way may have been answered before a rotation. */
  private refresh(): Promise<void> {
    return (this.#queued ??= this.enqueue());
  }

  private async enqueue(): Promise<void> {
    await this.#running.catch(() => undefined);
    const { now, cooldownMillis = 1_000 } = this.options;
    const wait = this.#triedAt + cooldownMillis - now();
    if (wait > 0) await delay(wait, undefined, { ref: false });
    this.#queued = undefined;
    this.#triedAt = now();
    this.#running = this.ask();
    return this.#running;
  }

  private async ask(): Promise<void> {
    const { jwksUri, timeoutMillis = 3_000, now } = this.options;
    try {
      const keys = new Map((await fetchKeySet(jwksUri, timeoutMillis)).flatMap(usable));
      // An issuer without keys is one that is broken: what it said before counts.
      if (keys.size === 0) throw new Error('The issuer sent no usable key.');
      this.#keys = keys;
      this.#fetchedAt = now();
    } catch (error) {
      throw issuerUnavailable(error);
    }
  }
}

/** A key is good for one algorithm, whatever a token's header would like. Keys that are not for us are passed over. */
function usable(jwk: unknown): readonly (readonly [string, SigningKey])[] {
  if (typeof jwk !== 'object' || jwk === null) return [];
  const { kid, use, alg, kty, crv, n, e, x, y } = jwk as Record<string, unknown>;
  if (typeof kid !== 'string' || (use !== undefined && use !== 'sig')) return [];
  try {
    // Only what is public, so that a private or symmetric key that an issuer publishes by mistake is never one to check with.
    const key = createPublicKey({ key: { kty, crv, n, e, x, y } as JsonWebKey, format: 'jwk' });
    const algorithm = algorithmOf(key);
    if (algorithm === undefined || (alg !== undefined && alg !== algorithm)) return [];
    return [[kid, { key, algorithm }]];
  } catch {
    return [];
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): SigningAlgorithm | undefined {
  if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails.modulusLength ?? 0) >= 2048) return 'RS256';
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails.namedCurve === 'prime256v1' ? 'ES256' : undefined;
}

async function fetchKeySet(uri: string, timeoutMillis: number): Promise<readonly unknown[]> {
  const response = await fetch(uri, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMillis),
  });
  if (!response.ok || response.body === null) throw new Error(`The issuer answered ${response.status}.`);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxKeySetLength) throw new Error('The issuer sent too much.');
  }
  const keySet: unknown = JSON.parse(text);
  if (typeof keySet !== 'object' || keySet === null || !('keys' in keySet) || !Array.isArray(keySet.keys)) {
    throw new Error('The issuer sent no key set.');
  }
  return keySet.keys;
}
