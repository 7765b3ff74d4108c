import { setTimeout as pause } from 'node:timers/promises';
import type { Database, Queryable, Transaction } from '@scheduled-scripts/postgres';
import type { AddressPolicy } from './addresses/refused-address.js';
import { resolveSiteAddress, type Lookup } from './addresses/resolve-site-address.js';
import type { KeyRing } from './credentials/key-ring.js';
import { sealPassword } from './credentials/sealed-password.js';
import { ClosingQueue, pruneOpenChanges, type OpenChange } from './open-changes.js';
import { ReservationQueue } from './reservation-queue.js';
import type { OnVersion, SiteDirectory, UpdateOptions } from './site-directory.js';
import { siteNames } from './site-names.js';
import { isSiteId, newSiteId, settingColumns, settingValues, siteColumns, type SiteRow } from './site-row.js';
import { pruneSiteUses, reserveSites, userOfSite, type ReservedUse, type SiteUser, type UseOf } from './site-uses.js';
import { SiteRefusal, type NewSite, type Site, type SiteChange, type SiteSettings } from './site.js';

export interface SiteDirectoryOptions extends AddressPolicy {
  readonly database: Database;
  readonly keyRing: KeyRing;
  /** The system's resolver unless told. */
  readonly lookup?: Lookup;
}

/** The index that refused a row as its second one, or null. */
const violatedIndex = (error: unknown): unknown =>
  error instanceof Error && 'code' in error && error.code === '23505' && 'constraint' in error ? error.constraint : null;

const only = (rows: readonly SiteRow[]): Site => {
  const [row] = rows;
  if (!row) throw new SiteRefusal('site_not_found');
  return row;
};

/** How long a removal waits for a request that may let a script run at the site: most are through by then. */
const underWayMillis = 1_000;

/** A change leaves reservations alone; a removal waits for them, and they for it. */
type RowLock = 'FOR NO KEY UPDATE' | 'FOR UPDATE';

const find = async (db: Queryable, organizationId: string, id: string, lock: '' | RowLock): Promise<readonly SiteRow[]> => {
  if (!isSiteId(id)) return []; // Ids come from paths, and may hold what Postgres cannot take, NUL for one.
  return db.query<SiteRow>(`SELECT ${siteColumns} FROM site_directory.sites WHERE organization_id = $1 AND id = $2 ${lock}`, [
    organizationId,
    id,
  ]);
};

const lockSite = async (
  tx: Transaction,
  lock: RowLock,
  organizationId: string,
  id: string,
  ifVersions: readonly number[] | undefined,
): Promise<Site> => {
  const site = only(await find(tx, organizationId, id, lock));
  if (ifVersions !== undefined && !ifVersions.includes(site.version)) throw new SiteRefusal('revision_mismatch');
  return site;
};

const changed = (site: SiteSettings, change: SiteChange, portOf: UpdateOptions['portOf']): SiteSettings => ({
  ...site,
  ...(portOf && change.tls !== undefined && site.port === portOf(site.tls) ? { port: portOf(change.tls) } : {}),
  // Who turns pinning off need not take the pin away as well.
  ...(change.tls === undefined || change.tls === 'pin' ? {} : { tlsFingerprint: null }),
  ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
});

const requireFitting = ({ tls, tlsFingerprint }: SiteSettings): void => {
  if (tls === 'pin' && tlsFingerprint === null) throw new SiteRefusal('fingerprint_missing');
  if (tls !== 'pin' && tlsFingerprint !== null) throw new SiteRefusal('fingerprint_needless');
};

class PostgresSiteDirectory implements SiteDirectory {
  private readonly database: Database;
  private readonly reservations: ReservationQueue;
  private readonly closings: ClosingQueue;

  constructor(private readonly options: SiteDirectoryOptions) {
    this.database = options.database;
    this.reservations = new ReservationQueue(options.database);
    this.closings = new ClosingQueue(options.database);
  }

  async create(organizationId: string, { id = newSiteId(), password, ...settings }: NewSite): Promise<Site> {
    requireFitting(settings);
    await resolveSiteAddress(settings.host, this.options);
    const { sealed, keyId } = sealPassword(this.options.keyRing, { organizationId, siteId: id }, password);
    try {
      // The columns' own defaults would look at the clock twice.
      const rows = await this.database.query<SiteRow>(
        `INSERT INTO site_directory.sites (organization_id, id, password_sealed, password_key_id, ${settingColumns}, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, statement_timestamp(), statement_timestamp()) RETURNING ${siteColumns}`,
        [organizationId, id, sealed, keyId, ...settingValues(settings)],
      );
      return only(rows);
    } catch (error) {
      throw await this.refusalIn(error, organizationId, settings.serial);
    }
  }

  async get(organizationId: string, id: string): Promise<Site | null> {
    const [site] = await find(this.database, organizationId, id, '');
    return site ?? null;
  }

  list(organizationId: string, { after = '', limit }: { after?: string | undefined; limit: number }): Promise<readonly Site[]> {
    return this.database.query<SiteRow>(
      `SELECT ${siteColumns} FROM site_directory.sites WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
      [organizationId, after, limit],
    );
  }

  async update(organizationId: string, id: string, change: SiteChange, options: UpdateOptions = {}): Promise<Site> {
    if (change.host !== undefined) await resolveSiteAddress(change.host, this.options); // Never with a row locked: a resolver may take its time.
    try {
      return await this.database.transaction((tx) => this.updateIn(tx, organizationId, id, change, options));
    } catch (error) {
      throw await this.refusalIn(error, organizationId, change.serial ?? null);
    }
  }

  async remove(organizationId: string, id: string, options: OnVersion & { readonly useOf: UseOf }): Promise<void> {
    const deadline = performance.now() + underWayMillis;
    for (;;) {
      const user = await this.database.transaction((tx) => this.removeIn(tx, organizationId, id, options));
      if (user === null) return;
      if (user.use === 'pending') throw new SiteRefusal('site_in_use', user.scriptId);
      if (performance.now() > deadline) throw new SiteRefusal('site_reserved', user.scriptId);
      await pause(underWayMillis / 20); // With nothing locked: it may be a request that waits for us.
    }
  }

  async withSerial(organizationId: string, serial: string): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM site_directory.sites WHERE organization_id = $1 AND serial = $2 ORDER BY holds_serial DESC, id LIMIT 10`,
      [organizationId, serial],
    );
    return rows.map(({ id }) => id);
  }

  async missing(organizationId: string, ids: readonly string[]): Promise<readonly string[]> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM unnest($2::text[]) WITH ORDINALITY AS asked (id, place)
        WHERE NOT EXISTS (SELECT FROM site_directory.sites WHERE organization_id = $1 AND sites.id = asked.id) ORDER BY place`,
      [organizationId, ids],
    );
    return rows.map(({ id }) => id);
  }

  namesOf(organizationId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return siteNames(this.database, organizationId, ids);
  }

  async reserve(organizationId: string, scriptId: string, siteIds: readonly string[], change?: string): Promise<readonly string[]> {
    const reservation = { organizationId, scriptId, siteIds, change };
    if (await this.reservations.add(reservation)) return [];
    return reserveSites(this.database, reservation); // Waits for a removal, and names what is missing.
  }

  closeChange(change: OpenChange): void {
    this.closings.add(change);
  }

  async pruneUses(isOver: (script: Omit<ReservedUse, 'siteId'>) => Promise<boolean>): Promise<number> {
    await pruneOpenChanges(this.database);
    return pruneSiteUses(this.database, isOver);
  }

  /** Returned, not thrown, who needs it: what was forgotten on the way shall stay so. */
  private async removeIn(
    tx: Transaction,
    organizationId: string,
    id: string,
    { ifVersions, useOf }: OnVersion & { readonly useOf: UseOf },
  ): Promise<SiteUser | null> {
    await lockSite(tx, 'FOR UPDATE', organizationId, id, ifVersions);
    const user = await userOfSite(tx, organizationId, id, useOf);
    if (user === null) await tx.query(`DELETE FROM site_directory.sites WHERE organization_id = $1 AND id = $2`, [organizationId, id]);
    return user;
  }

  private async updateIn(
    tx: Transaction,
    organizationId: string,
    id: string,
    { password, ...change }: SiteChange,
    { ifVersions, portOf }: UpdateOptions,
  ): Promise<Site> {
    const site = await lockSite(tx, 'FOR NO KEY UPDATE', organizationId, id, ifVersions);
    if (password === undefined && Object.values(change).every((value) => value === undefined)) return site;
    const settings = changed(site, change, portOf);
    requireFitting(settings);
    if (password !== undefined) await this.setPassword(tx, organizationId, id, password);
    const rows = await tx.query<SiteRow>(
      `UPDATE site_directory.sites SET (${settingColumns}) = ROW($3, $4, $5, $6, $7, $8, $9),
              holds_serial = holds_serial OR serial IS DISTINCT FROM $9, version = version + 1, updated_at = clock_timestamp()
        WHERE organization_id = $1 AND id = $2 RETURNING ${siteColumns}`,
      [organizationId, id, ...settingValues(settings)],
    );
    return only(rows);
  }

  /** What the database's refusal of a row means; anything else as it is. */
  private async refusalIn(error: unknown, organizationId: string, serial: string | null): Promise<unknown> {
    const index = violatedIndex(error);
    if (index === 'sites_pkey') return new SiteRefusal('site_already_exists');
    if (index !== 'sites_serial' || serial === null) return error;
    const [holder = null] = await this.withSerial(organizationId, serial);
    return new SiteRefusal('serial_taken', holder);
  }

  private async setPassword(tx: Transaction, organizationId: string, siteId: string, password: string): Promise<void> {
    const { sealed, keyId } = sealPassword(this.options.keyRing, { organizationId, siteId }, password);
    await tx.query(`UPDATE site_directory.sites SET password_sealed = $3, password_key_id = $4 WHERE organization_id = $1 AND id = $2`, [
      organizationId,
      siteId,
      sealed,
      keyId,
    ]);
  }
}

/** The database must have been migrated with `siteDirectoryMigrations`. */
export const openSiteDirectory = (options: SiteDirectoryOptions): SiteDirectory => new PostgresSiteDirectory(options);
