const organizationId = 'org_demo';

const all = ['script:view', 'script:create', 'script:update', 'script:delete', 'script:authorize', 'site:view', 'site:manage'] as const;

export interface DemoUser {
  readonly sub: string;
  readonly organizationId: string;
  readonly email: string;
  readonly scopes: readonly string[];
  readonly approver: boolean;
}

/** The four whose tokens the stack hands out. */
export const users = {
  author: {
    sub: 'auth0|author',
    organizationId,
    email: 'author@demo.example',
    scopes: all.filter((scope) => scope !== 'script:authorize'),
    approver: false,
  },
  approver: { sub: 'auth0|approver', organizationId, email: 'approver@demo.example', scopes: all, approver: true },
  viewer: { sub: 'auth0|viewer', organizationId, email: 'viewer@demo.example', scopes: ['script:view', 'site:view'], approver: false },
  otherOrganization: {
    sub: 'auth0|stranger',
    organizationId: 'org_other',
    email: 'stranger@other.example',
    scopes: all,
    approver: true,
  },
} as const satisfies Record<string, DemoUser>;

/** The form that USER_DIRECTORY_FILE has: by organization, by user id. */
export const userDirectory = (): string => {
  const directory: Record<string, Record<string, { email: string; approver: boolean }>> = {};
  for (const { sub, organizationId: organization, email, approver } of Object.values(users)) {
    (directory[organization] ??= {})[sub] = { email, approver };
  }
  return JSON.stringify(directory, null, 2);
};
