import type { Database } from './database.js';

export interface LeaseOptions {
  /** What is leased, e.g. `event-relay`. */
  readonly name: string;
  /** Who leases it; unique for each process. */
  readonly owner: string;
  /** How long it holds without renewal; renewed at a third of it. */
  readonly ttlMillis: number;
}

/**
 * One active at a time, others stand by. `token` grows with every change of owner: write it along, and refuse smaller ones,
 * because an owner that was paused does not know that it has lost the lease.
 */
export interface Lease {
  readonly token: bigint;
  /** Aborted when the lease was lost or released. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** Waits until the lease is ours or `signal` aborts (then it resolves to `null`). */
export type AcquireLease = (database: Database, options: LeaseOptions, signal: AbortSignal) => Promise<Lease | null>;
