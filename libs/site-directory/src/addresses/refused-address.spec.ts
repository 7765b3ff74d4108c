import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { refusedAddress } from './refused-address.js';

const hex = (...bytes: number[]) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
const strict = { allowLoopback: false };
const byAddress = (...addresses: string[]) => Object.fromEntries(addresses.map((address) => [address, refusedAddress(address, strict)]));

describe('addresses that a site may have', () => {
  it.each([
    '10.0.0.1',
    '172.16.3.4',
    '192.168.88.1',
    '100.64.0.7',
    '198.51.100.9',
    '8.8.8.8',
    '2001:db8::1',
    'fd12:3456::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
  ])('%s is allowed', (address) => {
    expect(refusedAddress(address, strict)).toBeNull();
  });

  it('refuses what is link-local, also inside an IPv6 address', () => {
    expect(
      new Set(
        Object.values(
          byAddress(
            '169.254.1.1',
            '169.254.169.254',
            'fe80::1',
            'fe80::1%eth0',
            'febf::1',
            '::ffff:169.254.169.254',
            '::ffff:a9fe:a9fe',
            '::169.254.169.254',
            '::ffff:0:169.254.169.254',
            '64:ff9b::169.254.169.254',
            '64:ff9b:1::169.254.169.254',
            '2002:a9fe:a9fe::1',
            '2001:0:a9fe:a9fe::1',
            '2001:0:808:808::5601:5601',
          ),
        ),
      ),
    ).toEqual(new Set(['link_local']));
  });

  it('refuses the metadata services that lie elsewhere', () => {
    expect(byAddress('168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254', '::ffff:168.63.129.16', 'fd20:ce::254')).toEqual({
      '168.63.129.16': 'cloud_metadata',
      '100.100.100.200': 'cloud_metadata',
      '192.0.0.192': 'cloud_metadata',
      'fd00:ec2::254': 'cloud_metadata',
      '::ffff:168.63.129.16': 'cloud_metadata',
      'fd20:ce::254': 'cloud_metadata',
    });
  });

  it('refuses what is no single other machine', () => {
    expect(byAddress('0.0.0.0', '0.1.2.3', '::', '255.255.255.255', '240.0.0.1', '224.0.0.1', 'ff02::1', '::ffff:0.0.0.0')).toEqual({
      '0.0.0.0': 'unspecified',
      '0.1.2.3': 'unspecified',
      '::': 'unspecified',
      '255.255.255.255': 'broadcast',
      '240.0.0.1': 'reserved',
      '224.0.0.1': 'multicast',
      'ff02::1': 'multicast',
      '::ffff:0.0.0.0': 'unspecified',
    });
  });

  it.each(['127.0.0.1', '127.255.0.1', '::1', '::ffff:127.0.0.1', '::127.0.0.1'])('%s is allowed only where loopback is', (address) => {
    expect(refusedAddress(address, strict)).toBe('loopback');
    expect(refusedAddress(address, { allowLoopback: true })).toBeNull();
  });

  it.each(['', 'router.example', '10.0.0', '0177.0.0.1', '2130706433', '0x7f.1', '10.0.0.1 ', '10.0.0.1:80', '[::1]', '1.2.3.4/8'])(
    '%j is no address',
    (text) => {
      expect(refusedAddress(text, { allowLoopback: true })).toBe('not_an_address');
    },
  );

  it('says the same of an IPv4 address and of every notation that carries it', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), ([a, b, c, d]) => {
        const plain = refusedAddress(`${a}.${b}.${c}.${d}`, strict);
        expect(refusedAddress(`::ffff:${a}.${b}.${c}.${d}`, strict)).toBe(plain);
        expect(refusedAddress(`64:ff9b::${hex(a, b)}:${hex(c, d)}`, strict)).toBe(plain);
        expect(refusedAddress(`2002:${hex(a, b)}:${hex(c, d)}::1`, strict)).toBe(plain);
      }),
      { numRuns: 500 },
    );
  });
});
