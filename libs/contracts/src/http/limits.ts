/** The bounds of the wire contract. Whatever counts bytes says so; the others count characters (code points) or entries. */
export const limits = {
  descriptionCharacters: 200,
  scriptBytes: 60_000,
  notifyUsers: 200,
  userIdCharacters: 200,
  pageRows: 1_000,
  pageBytes: 8 * 1_024 * 1_024,
  idempotencyKeyCharacters: 255,
  entityTags: 100,
  siteNameCharacters: 200,
  usernameCharacters: 255,
  passwordCharacters: 255,
  serialCharacters: 64,
} as const;

/** How many sites one script may target, unless configuration says otherwise. */
export const defaultMaximumSites = 10_000;
