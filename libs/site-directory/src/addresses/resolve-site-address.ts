import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { refusedAddress, type AddressPolicy, type AddressRefusal } from './refused-address.js';

/** All addresses of a name, in the order of preference. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export interface ResolveOptions extends AddressPolicy {
  readonly lookup?: Lookup;
  /** 5 s unless told. */
  readonly timeoutMillis?: number;
}

/** The name has an address that no connection may go to. */
export class AddressRefused extends Error {
  readonly code = 'address_refused';
  constructor(readonly reason: AddressRefusal) {
    super(`a site may not have this address: ${reason}`);
    this.name = 'AddressRefused';
  }
}

/** `isTemporary`: the resolver did not answer, which says nothing about the name. */
export class AddressUnresolved extends Error {
  readonly code = 'address_unresolved';
  constructor(
    readonly isTemporary: boolean,
    options?: { cause?: unknown },
  ) {
    super(isTemporary ? 'the resolver did not answer' : 'the name has no address', options);
    this.name = 'AddressUnresolved';
  }
}

const systemAddresses: Lookup = async (host) => (await systemLookup(host, { all: true })).map(({ address }) => address);

const final = new Set(['ENOTFOUND', 'ENODATA']);

const within = async <T>(millis: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AddressUnresolved(true)), millis);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const addressesOf = async (host: string, lookup: Lookup, timeoutMillis: number): Promise<readonly string[]> => {
  try {
    return await within(timeoutMillis, lookup(host));
  } catch (cause) {
    if (cause instanceof AddressUnresolved) throw cause;
    throw new AddressUnresolved(!(cause instanceof Error && 'code' in cause && final.has(String(cause.code))), { cause });
  }
};

/**
 * The addresses that may be connected to for this host, best first. One bad address refuses the name. Resolve again right before
 * connecting, and connect to what comes back, never to the name: it may point elsewhere by then (DNS rebinding).
 */
export const resolveSiteAddress = async (host: string, options: ResolveOptions): Promise<readonly [string, ...string[]]> => {
  const { lookup = systemAddresses, timeoutMillis = 5_000 } = options;
  const addresses = isIP(host) === 0 ? await addressesOf(host, lookup, timeoutMillis) : [host];
  const [first, ...others] = addresses;
  if (first === undefined) throw new AddressUnresolved(false);
  for (const address of addresses) {
    const refusal = refusedAddress(address, options);
    if (refusal) throw new AddressRefused(refusal);
  }
  return [first, ...others];
};
