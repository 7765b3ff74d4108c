import { setTimeout as pause } from 'node:timers/promises';
import { problem } from '@scheduled-scripts/contracts';
import { ApiError, type Logger } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';
import { v4, v7 } from 'uuid';
import type { Presented } from '../http/presented.js';

/** A request that its client may repeat, and means once. */
export interface KeyedRequest {
  readonly organizationId: string;
  readonly caller: string;
  readonly route: string;
  readonly key: string;
  /** Of the body: the same key with another body is a mistake. */
  readonly requestSha256: string;
}

/** The id that belongs to the key. `isRepeat`: somebody has worked with it before, and may have come to an end. */
export interface ReservedId {
  readonly id: string;
  readonly isRepeat: boolean;
}

export interface IdempotencyKeysOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** For how long a request has its key to itself; then it is taken for dead. 15 s unless told. */
  readonly leaseMillis?: number;
  /** How long a second request waits for the first. 5 s unless told. */
  readonly waitMillis?: number;
}

type Claim = { readonly reserved: ReservedId } | { readonly answer: Presented } | 'busy';

const keptFor = `interval '24 hours'`;
const theKey = `organization_id = $1 AND caller = $2 AND route = $3 AND key = $4`;
const pollMillis = 100;

/**
 * Requests with a key are carried out once. The key and the id of what will be made are committed before anything else happens, so that
 * whoever repeats the request after a crash, or while a paused process still holds it, works on the same id: at most one is made.
 * A refusal uses up nothing: the key is free again.
 */
export class IdempotencyKeys {
  private readonly leaseMillis: number;
  private readonly waitMillis: number;

  constructor(private readonly options: IdempotencyKeysOptions) {
    this.leaseMillis = options.leaseMillis ?? 15_000;
    this.waitMillis = options.waitMillis ?? 5_000;
  }

  /** Runs `work`, or gives the answer it once gave. Throws what `work` throws, and 409 for a key in use or used otherwise. */
  async once(request: KeyedRequest, work: (reserved: ReservedId) => Promise<Presented>): Promise<Presented> {
    const owner = v4();
    const claim = await this.claimInTime(request, owner);
    if ('answer' in claim) return claim.answer;
    try {
      const answer = await work(claim.reserved);
      await this.keep(request, answer);
      return answer;
    } catch (error) {
      await this.giveUp(request, owner, claim.reserved, error);
      throw error;
    }
  }

  /** Forgets keys that are past their time. Returns how many. */
  async sweep(): Promise<number> {
    const rows = await this.options.database.query(
      `DELETE FROM command_api.idempotency_keys WHERE created_at < clock_timestamp() - ${keptFor} RETURNING key`,
    );
    return rows.length;
  }

  private async claimInTime(request: KeyedRequest, owner: string): Promise<Exclude<Claim, 'busy'>> {
    const deadline = performance.now() + this.waitMillis;
    for (;;) {
      const claim = await this.claim(request, owner);
      if (claim !== 'busy') return claim;
      if (performance.now() >= deadline) throw new ApiError(problem('idempotency_key_in_use', { headers: { 'Retry-After': '1' } }));
      await pause(pollMillis);
    }
  }

  private async claim(request: KeyedRequest, owner: string): Promise<Claim> {
    const { database } = this.options;
    // A server that fell silent would carry out a lone statement when it wakes, and keep the key for somebody who has gone.
    const [claimed] = await database.transaction((tx) =>
      tx.query<{ id: string; isRepeat: boolean }>(
        `INSERT INTO command_api.idempotency_keys AS held
                (organization_id, caller, route, key, request_sha256, reserved_id, owner, leased_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() + make_interval(secs => $8))
         ON CONFLICT (organization_id, caller, route, key) DO UPDATE SET owner = excluded.owner, leased_until = excluded.leased_until
          WHERE held.answer IS NULL AND held.leased_until <= clock_timestamp() AND held.request_sha256 = excluded.request_sha256
            AND held.created_at > clock_timestamp() - ${keptFor}
         RETURNING reserved_id AS id, reserved_id <> $6 AS "isRepeat"`,
        [...keyOf(request), request.requestSha256, v7(), owner, this.leaseMillis / 1_000],
      ),
    );
    if (claimed) return { reserved: claimed };
    const [held] = await database.query<{ sha256: string; answer: Presented | null; isExpired: boolean }>(
      `SELECT request_sha256 AS sha256, answer, created_at <= clock_timestamp() - ${keptFor} AS "isExpired"
         FROM command_api.idempotency_keys WHERE ${theKey}`,
      keyOf(request),
    );
    if (!held) return 'busy';
    if (held.isExpired) return this.forget(request);
    if (held.sha256 !== request.requestSha256) throw new ApiError(problem('idempotency_key_reused', { param: 'Idempotency-Key' }));
    return held.answer ? { answer: held.answer } : 'busy';
  }

  private async forget(request: KeyedRequest): Promise<'busy'> {
    await this.options.database.query(
      `DELETE FROM command_api.idempotency_keys WHERE ${theKey} AND created_at <= clock_timestamp() - ${keptFor}`,
      keyOf(request),
    );
    return 'busy';
  }

  /** What was done stays done: without its answer on record, a repeat finds the made thing by its id. */
  private async keep(request: KeyedRequest, answer: Presented): Promise<void> {
    try {
      await this.options.database.query(`UPDATE command_api.idempotency_keys SET answer = $5 WHERE ${theKey} AND answer IS NULL`, [
        ...keyOf(request),
        JSON.stringify(answer),
      ]);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the answer to a keyed request was not recorded');
    }
  }

  /** Only who was refused at the first attempt can be sure that nothing was made, and never will be, under the id. */
  private async giveUp(request: KeyedRequest, owner: string, { isRepeat }: ReservedId, error: unknown): Promise<void> {
    const isRefusal = error instanceof ApiError && error.api.status < 500;
    const statement =
      isRefusal && !isRepeat
        ? 'DELETE FROM command_api.idempotency_keys'
        : 'UPDATE command_api.idempotency_keys SET leased_until = clock_timestamp()';
    try {
      await this.options.database.query(`${statement} WHERE ${theKey} AND owner = $5 AND answer IS NULL`, [...keyOf(request), owner]);
    } catch (failure) {
      this.options.logger.warn({ err: failure }, 'a key was not released: its lease will end by itself');
    }
  }
}

const keyOf = ({ organizationId, caller, route, key }: KeyedRequest): readonly string[] => [organizationId, caller, route, key];
