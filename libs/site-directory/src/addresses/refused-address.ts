import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type AddressRefusal =
  'not_an_address' | 'link_local' | 'cloud_metadata' | 'multicast' | 'unspecified' | 'broadcast' | 'reserved' | 'loopback';

export interface AddressPolicy {
  /** Only where the routers run on the same machine: the embedded mode and tests. */
  readonly allowLoopback: boolean;
}

/**
 * What a cloud answers to its own machines, where link-local does not cover it already: Azure's wire server, Alibaba, Oracle, AWS and
 * Google over IPv6. Credentials of the whole installation can be had there.
 */
const metadataServices = ['168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32', 'fd00:ec2::/32', 'fd20:ce::254/128'].map((range) =>
  ipaddr.parseCIDR(range),
);

const refusedRanges: Readonly<Record<string, AddressRefusal>> = {
  linkLocal: 'link_local',
  multicast: 'multicast',
  unspecified: 'unspecified',
  broadcast: 'broadcast',
  loopback: 'loopback',
};

const isMetadataService = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  metadataServices.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));

/** Class E: never assigned, and some stacks send it out as a broadcast. */
const classE = ipaddr.IPv4.parseCIDR('240.0.0.0/4');

const refusalOfV4 = (address: ipaddr.IPv4): AddressRefusal | null => {
  if (isMetadataService(address)) return 'cloud_metadata';
  return refusedRanges[address.range()] ?? (address.match(classE) ? 'reserved' : null);
};

/** The IPv4 addresses that a gateway or the own stack would make of this one: mapped, compatible, translated, 6to4, Teredo. */
const embeddedV4 = (address: ipaddr.IPv6): readonly ipaddr.IPv4[] => {
  const bytes = address.toByteArray();
  const at = (from: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(from, from + 4));
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6145':
    case 'rfc6052':
      return [at(12)];
    case '6to4':
      return [at(2)];
    case 'teredo':
      return [at(4), new ipaddr.IPv4(bytes.slice(12).map((byte) => byte ^ 0xff))];
    default:
      return bytes.slice(0, 12).every((byte) => byte === 0) ? [at(12)] : [];
  }
};

const refusalOfV6 = (address: ipaddr.IPv6): AddressRefusal | null => {
  if (isMetadataService(address)) return 'cloud_metadata';
  const refused = refusedRanges[address.range()];
  if (refused) return refused;
  for (const inner of embeddedV4(address)) {
    const refusal = refusalOfV4(inner);
    if (refusal) return refusal;
  }
  return null;
};

/**
 * Why no connection may go to this IP address, or `null`. Private networks are where routers live and are allowed; never link-local, a
 * cloud's metadata service, multicast, unspecified or broadcast, in whatever notation or tunnel they come. Names are not addresses: resolve them first.
 */
export const refusedAddress = (address: string, { allowLoopback }: AddressPolicy): AddressRefusal | null => {
  if (isIP(address) === 0) return 'not_an_address';
  const parsed = ipaddr.parse(address);
  const refusal = parsed instanceof ipaddr.IPv4 ? refusalOfV4(parsed) : refusalOfV6(parsed);
  return refusal === 'loopback' && allowLoopback ? null : refusal;
};
