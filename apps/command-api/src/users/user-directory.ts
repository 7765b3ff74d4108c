/** Who is who in an organization, as far as approving scripts goes. */
export interface UserDirectory {
  /** Splits the users, in their order, into those who may approve, those who are only told, and those whom nobody knows. */
  known(organizationId: string, userIds: readonly string[]): Promise<KnownUsers>;
}

export interface KnownUsers {
  readonly approvers: readonly string[];
  readonly informed: readonly string[];
  readonly unknown: readonly string[];
}

/** What Nest injects it by: an interface leaves nothing behind at run time. */
export const USER_DIRECTORY = Symbol('UserDirectory');
