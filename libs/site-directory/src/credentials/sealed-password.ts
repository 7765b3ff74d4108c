import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from './key-ring.js';

/** Where a password belongs. It opens nowhere else: a row copied to another site or organization is unreadable there. */
export interface PasswordPlace {
  readonly organizationId: string;
  readonly siteId: string;
}

export interface SealedPassword {
  readonly keyId: string;
  /** Nonce, cipher text, tag. */
  readonly sealed: Buffer;
}

/** The key is not in the ring, or the row has been tampered with. */
export class CredentialsUnreadable extends Error {
  readonly code = 'credentials_unreadable';
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'CredentialsUnreadable';
  }
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

// JSON, so that no two places share one text.
const boundTo = ({ organizationId, siteId }: PasswordPlace): Buffer =>
  Buffer.from(JSON.stringify([organizationId, siteId, 'sites.password']));

const keyOf = (ring: KeyRing, keyId: string): Uint8Array => {
  const key = ring.keys.get(keyId);
  if (!key) throw new CredentialsUnreadable(`the key ${keyId} is not in the key ring`);
  return key;
};

export const sealPassword = (ring: KeyRing, place: PasswordPlace, password: string): SealedPassword => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, keyOf(ring, ring.currentKeyId), nonce);
  cipher.setAAD(boundTo(place));
  const text = Buffer.concat([cipher.update(password, 'utf8'), cipher.final()]);
  return { keyId: ring.currentKeyId, sealed: Buffer.concat([nonce, text, cipher.getAuthTag()]) };
};

export const openPassword = (ring: KeyRing, place: PasswordPlace, { keyId, sealed }: SealedPassword): string => {
  const key = keyOf(ring, keyId);
  if (sealed.length < nonceBytes + tagBytes) throw new CredentialsUnreadable('the sealed password is cut short');
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(boundTo(place));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new CredentialsUnreadable(`the password of ${place.siteId} does not open with the key ${keyId}`, { cause });
  }
};
