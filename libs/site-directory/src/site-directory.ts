import type { OpenChange } from './open-changes.js';
import type { ReservedUse, UseOf } from './site-uses.js';
import type { NewSite, Site, SiteChange, TlsMode } from './site.js';

/** A client's `If-Match`: change only one of these versions. */
export interface OnVersion {
  readonly ifVersions?: readonly number[] | undefined;
}

export interface UpdateOptions extends OnVersion {
  /** The usual port of a mode: a site that is at its usual port moves to that of its new mode, unless the change names one. */
  readonly portOf?: (tls: TlsMode) => number;
}

/**
 * The sites of all organizations. Every method is about one organization and never shows another's. Refusals are `SiteRefusal`; a host that
 * may not be connected to, or has no address, is `AddressRefused` or `AddressUnresolved`.
 */
export interface SiteDirectory {
  create(organizationId: string, site: NewSite): Promise<Site>;
  get(organizationId: string, id: string): Promise<Site | null>;
  /** By id, those after `after`. */
  list(organizationId: string, page: { readonly after?: string | undefined; readonly limit: number }): Promise<readonly Site[]>;
  /** A change that names nothing leaves the site as it is. */
  update(organizationId: string, id: string, change: SiteChange, options?: UpdateOptions): Promise<Site>;
  /**
   * For good, with its password; the id may be used again. `site_in_use` while a script may still run there, `site_reserved` while one may
   * come to: a request that is under way is waited for, for a moment.
   */
  remove(organizationId: string, id: string, options: OnVersion & { readonly useOf: UseOf }): Promise<void>;
  /** The sites that have this serial number: one, but for those that had it before that was a rule. */
  withSerial(organizationId: string, serial: string): Promise<readonly string[]>;
  /** Those of the ids that are no sites of the organization, in one query. */
  missing(organizationId: string, ids: readonly string[]): Promise<readonly string[]>;
  /** What the sites are called, by id, in one query; those that are not there are left out. */
  namesOf(organizationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Before the append that lets the script target them. Returns the ids that are missing; then none is reserved. `change`: for a script
   * that is there, a UUID of this one change of it, which is under way until it is closed, or for a minute. Without one it is the script's
   * creation, which is decided as soon as there is a script.
   */
  reserve(organizationId: string, scriptId: string, ids: readonly string[], change?: string): Promise<readonly string[]>;
  /** The append of the change has been decided: it has come, or never will. Not when nobody knows. */
  closeChange(change: OpenChange): void;
  /** Forgets reservations of scripts that are over, and of requests that were cut short; of how many scripts. To be called now and then. */
  pruneUses(isOver: (script: Omit<ReservedUse, 'siteId'>) => Promise<boolean>): Promise<number>;
}
