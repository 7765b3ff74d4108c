import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

export type IssuerAlgorithm = 'ES256' | 'RS256';

/** A private key with its `kid` and `alg`. */
export type StoredKey = JWK & { readonly kid: string; readonly alg: IssuerAlgorithm };

// Tokens of the last but one key are still out when a key is replaced.
const kept = 3;

/** The keys of the file, the one that signs last; a missing file is made with a first key. */
export async function loadKeys(file: string, algorithm: IssuerAlgorithm): Promise<readonly StoredKey[]> {
  if (!existsSync(file)) return addKey(file, [], algorithm);
  chmodSync(file, 0o600);
  const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { readonly keys?: readonly StoredKey[] };
  if (!Array.isArray(keys) || keys.length === 0) throw new Error(`${file} holds no keys; remove it to have new ones made.`);
  return keys as readonly StoredKey[];
}

/** Makes a key that signs from now on, and stores it before it is used. */
export async function addKey(file: string, keys: readonly StoredKey[], algorithm: IssuerAlgorithm): Promise<readonly StoredKey[]> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key: StoredKey = { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: algorithm, use: 'sig' };
  const all = [...keys, key].slice(-kept);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // Whole or not at all, and never readable for others, not even for a moment.
  const half = `${file}.${randomUUID()}`;
  writeFileSync(half, JSON.stringify({ keys: all }, null, 2), { mode: 0o600, flag: 'wx' });
  renameSync(half, file);
  return all;
}

/** Without what makes it private. */
export function publicPart({ kty, crv, x, y, n, e, kid, alg }: StoredKey): JWK {
  return Object.fromEntries(Object.entries({ kty, crv, x, y, n, e, kid, alg, use: 'sig' }).filter(([, value]) => value !== undefined));
}
