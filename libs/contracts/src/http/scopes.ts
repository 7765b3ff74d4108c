/** What a token may be good for; the endpoints' table names one for each. */
export const scopes = {
  viewScripts: 'script:view',
  createScripts: 'script:create',
  updateScripts: 'script:update',
  deleteScripts: 'script:delete',
  authorizeScripts: 'script:authorize',
  viewSites: 'site:view',
  manageSites: 'site:manage',
} as const;

export type Scope = (typeof scopes)[keyof typeof scopes];
