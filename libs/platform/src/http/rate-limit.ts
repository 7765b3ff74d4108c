import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.js';
import type { ServiceEnvironment } from '../environment/service.environment.js';
import { platformProblem } from './problem.js';

const maxCallers = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

export function requestsPerSecond({ RATE_LIMIT_PER_SECOND: configured, NODE_ENV: mode }: ServiceEnvironment): number {
  return configured ?? (mode === 'production' ? 50 : 0);
}

/** A token bucket a caller: `perSecond` requests a second, as many at once. Bounded: the callers longest idle are forgotten. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly perSecond: number,
    private readonly now: () => number,
  ) {}

  /** Takes one request of the caller's; throws the contract's 429 when there is none left. */
  take(caller: string): void {
    const at = this.now();
    const known = this.#buckets.get(caller);
    const tokens =
      known === undefined ? this.perSecond : Math.min(this.perSecond, known.tokens + ((at - known.at) / 1000) * this.perSecond);
    // Deleted and set again, so that the map's order is that of use.
    this.#buckets.delete(caller);
    this.#buckets.set(caller, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    if (this.#buckets.size > maxCallers) this.#buckets.delete(this.#buckets.keys().next().value ?? caller);
    if (tokens >= 1) return;
    const headers = { 'Retry-After': String(Math.max(1, Math.ceil((1 - tokens) / this.perSecond))) };
    throw new ApiError(platformProblem(429, 'too_many_requests', `A caller may send ${this.perSecond} requests a second.`, { headers }));
  }
}

/**
 * Who is limited: the authenticated caller, else the address. Authentication leaves the caller on the request in `onRequest`
 * and refuses in `preParsing`, so that a limit taken in between also bounds guessing.
 */
export function callerOf(request: Pick<FastifyRequest, 'ip'>): string {
  const { caller } = request as Pick<FastifyRequest, 'ip'> & { readonly caller?: { readonly sub?: unknown } | null };
  return typeof caller?.sub === 'string' ? `sub ${caller.sub}` : `address ${networkOf(request.ip)}`;
}

const groupsOf = (text: string): readonly string[] => text.split(':').filter((group) => group !== '');

/** Of IPv6 the first 64 bits: whoever has one such address has all that begin like it. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [before = [], after = []] = address.split('::').map(groupsOf);
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}
