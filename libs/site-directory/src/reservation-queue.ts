import { DatabaseUnavailable, intArray, textArray, uuidArray, type Database } from '@scheduled-scripts/postgres';

export interface Reservation {
  readonly organizationId: string;
  readonly scriptId: string;
  readonly siteIds: readonly string[];
  /** Of which change of a script that is there; undefined for the creation of one. */
  readonly change?: string | undefined;
}

interface Waiting {
  readonly reservation: Reservation;
  readonly resolve: (isReserved: boolean) => void;
  readonly reject: (error: unknown) => void;
}

const maxFlushSites = 1_000;

/**
 * As for one script, but a row that is locked is passed over: a removal that takes its time must not hold up the reservations of others.
 * The marks are written in one order, since two processes may repeat the same reservations.
 */
const reservations = `
  WITH asked AS (
    SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int[]) AS asked (organization_id, script_id, site_id, number)
  ), found AS MATERIALIZED (
    SELECT organization_id, id FROM site_directory.sites
     WHERE (organization_id, id) IN (SELECT organization_id, site_id FROM asked) FOR KEY SHARE SKIP LOCKED
  ), refused AS (
    SELECT DISTINCT number FROM asked
     WHERE NOT EXISTS (SELECT FROM found WHERE found.organization_id = asked.organization_id AND found.id = asked.site_id)
  ), reserved AS (
    INSERT INTO site_directory.site_uses (organization_id, site_id, script_id)
    SELECT DISTINCT organization_id, site_id, script_id FROM asked WHERE number NOT IN (SELECT number FROM refused) ORDER BY 1, 2, 3
    ON CONFLICT (organization_id, site_id, script_id) DO UPDATE SET reserved_at = clock_timestamp()
  ), opened AS (
    INSERT INTO site_directory.open_changes (organization_id, script_id, change)
    SELECT DISTINCT organization_id, script_id, change FROM asked JOIN unnest($5::int[], $6::uuid[]) AS changing (number, change) USING (number)
     WHERE number NOT IN (SELECT number FROM refused)
    ON CONFLICT DO NOTHING
  )
  SELECT number FROM refused`;

/** Reservations that come together share a statement and a commit: while one is under way the next ones gather. */
export class ReservationQueue {
  private waiting: Waiting[] = [];
  private isFlushing = false;

  constructor(private readonly database: Database) {}

  /** All of the sites, or none: then one of them is missing, or is being removed. */
  add(reservation: Reservation): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ reservation, resolve, reject });
      if (this.isFlushing) return;
      this.isFlushing = true;
      // After the callbacks of this turn of the event loop: requests that came in together go out together.
      setImmediate(() => void this.drain());
    });
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) await this.flush(this.next());
    this.isFlushing = false;
  }

  private next(): readonly Waiting[] {
    let sites = 0;
    const full = this.waiting.findIndex(({ reservation }, index) => {
      sites += reservation.siteIds.length;
      return sites > maxFlushSites && index > 0;
    });
    return this.waiting.splice(0, full < 0 ? this.waiting.length : full);
  }

  private async flush(batch: readonly Waiting[]): Promise<void> {
    try {
      const refused = await this.reserve(batch.map(({ reservation }) => reservation));
      batch.forEach(({ resolve }, number) => resolve(!refused.has(number)));
    } catch (error) {
      const isOutage = error instanceof DatabaseUnavailable;
      // Who waits behind would find out the same, only later.
      for (const { resolve, reject } of isOutage ? [...batch, ...this.waiting.splice(0)] : batch) {
        if (isOutage || batch.length === 1) reject(error);
        // One that the server cannot take must not fail the others: each tries by itself.
        else resolve(false);
      }
    }
  }

  private async reserve(batch: readonly Reservation[]): Promise<ReadonlySet<number>> {
    const rows = batch.flatMap(({ organizationId, scriptId, siteIds }, number) =>
      siteIds.map((siteId) => ({ organizationId, scriptId, siteId, number })),
    );
    const changing = batch.flatMap(({ change }, number) => (change === undefined ? [] : [{ number, change }]));
    const refused = await this.database.query<{ number: number }>(
      reservations,
      [
        textArray(rows.map(({ organizationId }) => organizationId)),
        rows.map(({ scriptId }) => scriptId),
        textArray(rows.map(({ siteId }) => siteId)),
        intArray(rows.map(({ number }) => number)),
        intArray(changing.map(({ number }) => number)),
        uuidArray(changing.map(({ change }) => change)),
      ],
      'reserve-together',
    );
    return new Set(refused.map(({ number }) => number));
  }
}
