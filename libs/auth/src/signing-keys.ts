import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { get as getPlainly, type IncomingMessage } from 'node:http';
import { get as getByTls } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { issuerUnavailable } from './auth.error.js';

export type SigningAlgorithm = 'RS256' | 'ES256';

export interface SigningKeysOptions {
  readonly jwksUri: string;
  readonly now: () => number;
  /**
   * A key that the issuer has withdrawn is gone here after so long at the latest, if the issuer can be asked. It is asked beside the
   * requests from half of that on; who comes when all of it has passed waits for the answer.
   */
  readonly refreshMillis?: number;
  /** The issuer is asked at most this often, whatever tokens arrive. */
  readonly cooldownMillis?: number;
  /** How long keys are believed while the issuer does not answer. */
  readonly maxAgeMillis?: number;
  readonly timeoutMillis?: number;
  /** Told once that the issuer's keys cannot be had, and once that they can be again. */
  readonly logger?: KeysLogger | undefined;
}

export interface KeysLogger {
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

const maxKeySetLength = 256 * 1024;

/**
 * The issuer's public keys by `kid`. A key that is known is found at once, whether the issuer answers or not. A `kid` that is not
 * known waits for one more question to the issuer: so a rotation refuses nobody, and a flood of invented ones costs the issuer
 * one question per cooldown and delays nobody whose key is known.
 */
export class SigningKeys {
  #keys: ReadonlyMap<string, KeyObject> = new Map();
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;
  #triedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(private readonly options: SigningKeysOptions) {}

  /** The key, when it may be believed without waiting for the issuer. Where it has aged, the issuer is asked beside. */
  known(kid: string, algorithm: SigningAlgorithm): KeyObject | undefined {
    const { refreshMillis = 300_000, now } = this.options;
    const key = this.held(kid, algorithm);
    const age = now() - this.#fetchedAt;
    if (key === undefined || age < refreshMillis / 2) return key;
    this.refresh().catch(() => undefined);
    // While the issuer is known not to answer, nobody waits for it to be asked again.
    return age < refreshMillis || now() - this.#failedAt < refreshMillis ? key : undefined;
  }

  /** `undefined` when the issuer has no such key for the algorithm; throws `dependency_unavailable` when it could not be asked. */
  async find(kid: string, algorithm: SigningAlgorithm): Promise<KeyObject | undefined> {
    const known = this.known(kid, algorithm);
    if (known !== undefined) return known;
    const held = this.held(kid, algorithm);
    await this.refresh().catch((error: unknown) => {
      if (held === undefined) throw error;
    });
    return this.#keys.get(nameOf(kid, algorithm));
  }

  private held(kid: string, algorithm: SigningAlgorithm): KeyObject | undefined {
    const { maxAgeMillis = 86_400_000, now } = this.options;
    return now() - this.#fetchedAt < maxAgeMillis ? this.#keys.get(nameOf(kid, algorithm)) : undefined;
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
    const { jwksUri, timeoutMillis = 3_000, now, logger } = this.options;
    const askedAt = now();
    try {
      const keys = new Map((await fetchKeySet(jwksUri, timeoutMillis)).flatMap(usable));
      // An issuer without keys is one that is broken: what it said before counts.
      if (keys.size === 0) throw new Error('The issuer sent no usable key.');
      this.#keys = new Map([...keys].map(([name, key]) => [name, this.sameAsBefore(name, key)]));
      if (this.#isFailing) logger?.info({ jwksUri }, "the issuer's keys can be had again");
      this.#isFailing = false;
      this.#fetchedAt = askedAt;
    } catch (error) {
      if (!this.#isFailing) logger?.warn({ jwksUri, err: error }, "the issuer's keys cannot be had; known ones are believed for a day");
      this.#isFailing = true;
      this.#failedAt = now();
      throw issuerUnavailable(error);
    }
  }

  /** The very object where nothing has changed: what was verified with it need not be verified again. */
  private sameAsBefore(name: string, key: KeyObject): KeyObject {
    const before = this.#keys.get(name);
    return before?.equals(key) === true ? before : key;
  }
}

const nameOf = (kid: string, algorithm: SigningAlgorithm): string => `${algorithm} ${kid}`;

/**
 * A key is good for one algorithm, whatever a token's header would like; two that share a `kid` are told apart by it (RFC 7517, 4.5).
 * Keys that are not for us are passed over.
 */
function usable(jwk: unknown): readonly (readonly [string, KeyObject])[] {
  if (typeof jwk !== 'object' || jwk === null) return [];
  const { kid, use, key_ops: operations, alg, kty, crv, n, e, x, y } = jwk as Record<string, unknown>;
  if (typeof kid !== 'string' || (use !== undefined && use !== 'sig')) return [];
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return [];
  try {
    // Only what is public, so that a private or symmetric key that an issuer publishes by mistake is never one to check with.
    const key = createPublicKey({ key: { kty, crv, n, e, x, y } as JsonWebKey, format: 'jwk' });
    const algorithm = algorithmOf(key);
    if (algorithm === undefined || (alg !== undefined && alg !== algorithm)) return [];
    return [[nameOf(kid, algorithm), key]];
  } catch {
    return [];
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): SigningAlgorithm | undefined {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = asymmetricKeyDetails;
  // FIPS 186-5: of an exponent of 1 anybody makes signatures.
  if (asymmetricKeyType === 'rsa' && modulusLength >= 2048 && publicExponent >= 65_537n) return 'RS256';
  return asymmetricKeyType === 'ec' && namedCurve === 'prime256v1' ? 'ES256' : undefined;
}

async function fetchKeySet(uri: string, timeoutMillis: number): Promise<readonly unknown[]> {
  const text = await textAt(uri, AbortSignal.timeout(timeoutMillis));
  const keySet: unknown = JSON.parse(text);
  if (typeof keySet !== 'object' || keySet === null || !('keys' in keySet) || !Array.isArray(keySet.keys)) {
    throw new Error('The issuer sent no key set.');
  }
  return keySet.keys;
}

/**
 * By a connection of its own: the issuer is asked so rarely that it will have closed one that is kept, and to find that out would cost a
 * question. Redirections are not followed: the address of the keys is configured.
 */
async function textAt(uri: string, signal: AbortSignal): Promise<string> {
  const get = uri.startsWith('https:') ? getByTls : getPlainly;
  const asked = get(uri, { agent: false, headers: { accept: 'application/json' }, signal });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  asked.on('error', () => undefined);
  try {
    if (answer.statusCode !== 200) throw new Error(`The issuer answered ${answer.statusCode}.`);
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > maxKeySetLength) throw new Error('The issuer sent too much.');
    }
    return text;
  } finally {
    asked.destroy();
  }
}
