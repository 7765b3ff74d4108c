/** What Nest injects the `SiteDirectory` by: an interface leaves nothing behind at run time. */
export const SITE_DIRECTORY = Symbol('SiteDirectory');
