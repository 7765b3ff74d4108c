/** The keys that passwords are encrypted with. Old ones stay until every row has been re-encrypted. */
export interface KeyRing {
  /** The key that new rows are encrypted with. */
  readonly currentKeyId: string;
  /** AES-256 keys by their ids. The id is stored beside what it encrypts. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** The key ring's text is unusable. The message names the key's id and never shows a key. */
export class InvalidKeyRing extends Error {
  readonly code = 'invalid_key_ring';
  constructor(message: string) {
    super(message);
    this.name = 'InvalidKeyRing';
  }
}

const entryForm = /^([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/_-]{43}=?)$/;

/**
 * From `<id>:<32 bytes in base64>`, separated by commas or white space; the first is the current one. To rotate: put a new key in front,
 * restart, re-encrypt, take the old one away.
 */
export const parseKeyRing = (text: string): KeyRing => {
  const keys = new Map<string, Uint8Array>();
  for (const entry of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const [, id, encoded] = entryForm.exec(entry) ?? [];
    if (id === undefined || encoded === undefined) throw new InvalidKeyRing(`key ${keys.size + 1} is not <id>:<32 bytes in base64>`);
    if (keys.has(id)) throw new InvalidKeyRing(`two keys have the id ${id}`);
    keys.set(id, Buffer.from(encoded, 'base64'));
  }
  const [currentKeyId] = keys.keys();
  if (currentKeyId === undefined) throw new InvalidKeyRing('there is no key');
  return { currentKeyId, keys };
};

/** For checking an environment before anything is made of it. */
export const isKeyRing = (text: string): boolean => {
  try {
    return parseKeyRing(text).keys.size > 0;
  } catch {
    return false;
  }
};
