/** What people call sites. */
export interface SiteNames {
  /**
   * By id, in the words of whoever gave them: make them harmless before they are shown. Sites that are gone are left out. Never rejects, and
   * is back in seconds: of sites whose names cannot be read there are none.
   */
  of(organizationId: string, siteIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
