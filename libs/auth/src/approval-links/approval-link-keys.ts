/** The first one signs; all are believed, so that links that are out stay good while a key is replaced. */
export type ApprovalLinkKeys = readonly [Uint8Array, ...Uint8Array[]];

/** The message never shows a key. */
export class InvalidApprovalLinkKeys extends Error {
  readonly code = 'invalid_approval_link_keys';
  constructor(message: string) {
    super(message);
    this.name = 'InvalidApprovalLinkKeys';
  }
}

const mostKeys = 8;

const keyOf = (entry: string, index: number): { readonly id: string; readonly key: Buffer } => {
  const [, id, encoded] = /^([\w.-]{1,64}):([A-Za-z0-9+/_-]{43}=?)$/.exec(entry) ?? [];
  if (id === undefined || encoded === undefined) throw new InvalidApprovalLinkKeys(`entry ${index + 1} is not <id>:<32 bytes in base64>`);
  return { id, key: Buffer.from(encoded, 'base64') };
};

/** From `<id>:<32 bytes in base64>` by commas or white space, the current one first. An id is for people: tokens do not name it. */
export const parseApprovalLinkKeys = (text: string): ApprovalLinkKeys => {
  const entries = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(keyOf);
  if (entries.length > mostKeys) throw new InvalidApprovalLinkKeys(`more than ${mostKeys} keys`);
  if (new Set(entries.map(({ id }) => id)).size < entries.length) throw new InvalidApprovalLinkKeys('two keys have one id');
  if (new Set(entries.map(({ key }) => key.toString('hex'))).size < entries.length)
    throw new InvalidApprovalLinkKeys('one key stands twice');
  const [first, ...others] = entries.map(({ key }) => key);
  if (first === undefined) throw new InvalidApprovalLinkKeys('there is no key');
  return [first, ...others];
};

/** For checking an environment before anything is made of it. */
export const isApprovalLinkKeys = (text: string): boolean => {
  try {
    return parseApprovalLinkKeys(text).length > 0;
  } catch {
    return false;
  }
};
