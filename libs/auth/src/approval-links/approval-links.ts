import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ApprovalLinkKeys } from './approval-link-keys.js';

/** Whose right to approve what a token is. */
export interface ApprovalLink {
  /** UUIDs in lower case. */
  readonly scriptId: string;
  readonly authorizationId: string;
  /** A user's `sub`: 1 to 200 printable ASCII characters. */
  readonly recipient: string;
}

const version = 1;
const uuidBytes = 16;
const macBytes = 32;
const headBytes = 1 + 2 * uuidBytes;
const longestRecipient = 200;
// 200 characters of recipient make 354 of token; a path parameter may have 1 024.
const longestToken = Math.ceil(((headBytes + longestRecipient + macBytes) * 4) / 3);

/** The key signs nothing else, and should it ever, no such signature is one of these. */
const domain = Buffer.from('scheduled-scripts approval link v1\0');

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const printable = /^[\x20-\x7e]+$/;

const bytesOf = (id: string): Buffer => {
  if (!uuid.test(id)) throw new RangeError('an approval link names its script and its authorization by UUIDs');
  return Buffer.from(id.replaceAll('-', ''), 'hex');
};

const uuidAt = (bytes: Buffer, at: number): string =>
  bytes.toString('hex', at, at + uuidBytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/**
 * Tokens of approval links: base64url of a version byte, script id, authorization id, recipient, and HMAC-SHA-256 over all of these. A
 * token is a secret. It says who may approve; whether the approval is still open is the domain's to decide.
 */
export class ApprovalLinks {
  constructor(private readonly keys: ApprovalLinkKeys) {}

  /** Signed with the current key. Throws `RangeError` for what no token can hold. */
  mint({ scriptId, authorizationId, recipient }: ApprovalLink): string {
    if (recipient.length > longestRecipient || !printable.test(recipient)) {
      throw new RangeError(`the recipient of an approval link has 1 to ${longestRecipient} printable ASCII characters`);
    }
    const said = Buffer.concat([Buffer.of(version), bytesOf(scriptId), bytesOf(authorizationId), Buffer.from(recipient, 'latin1')]);
    return Buffer.concat([said, mac(this.keys[0], said)]).toString('base64url');
  }

  /** What a token says, if one of the keys has signed it and it is spelled exactly as it was minted; else `null`. Never throws. */
  open(token: string): ApprovalLink | null {
    if (token.length > longestToken) return null;
    const bytes = Buffer.from(token, 'base64url');
    // Decoding forgives padding, foreign characters and stray bits at the end; of all such spellings only one is good.
    if (bytes.toString('base64url') !== token) return null;
    if (bytes.length <= headBytes + macBytes || bytes[0] !== version) return null;
    const said = bytes.subarray(0, -macBytes);
    const signed = bytes.subarray(-macBytes);
    const isGenuine = this.keys.map((key) => timingSafeEqual(mac(key, said), signed)).includes(true);
    if (!isGenuine) return null;
    return { scriptId: uuidAt(said, 1), authorizationId: uuidAt(said, 1 + uuidBytes), recipient: said.toString('latin1', headBytes) };
  }
}

const mac = (key: Uint8Array, said: Uint8Array): Buffer => createHmac('sha256', key).update(domain).update(said).digest();
