import { describe, expect, it } from '@jest/globals';
import type { Site } from '../site.js';
import { dialSite, type SiteDial } from './dial-site.js';

class Unreachable extends Error {}
const isUnreachable = (error: unknown) => error instanceof Unreachable;

const site: Site = {
  id: 'site_0000000000000001',
  organizationId: 'org_a',
  name: 'Depot',
  host: 'router.example',
  port: 8729,
  tls: 'verify',
  tlsFingerprint: null,
  username: 'runner',
  serial: null,
  version: 1,
  createdAt: '2026-01-01T00:00:00.000000Z',
  updatedAt: '2026-01-01T00:00:00.000000Z',
};

/** Each address answers with its turn's outcome; an error is thrown. */
const dialled = async (over: Partial<Site>, addresses: readonly string[], outcomes: readonly (string | Error)[]) => {
  const dials: SiteDial[] = [];
  const dial = (to: SiteDial): Promise<string> => {
    const outcome = outcomes[dials.push(to) - 1] ?? 'connected';
    return typeof outcome === 'string' ? Promise.resolve(outcome) : Promise.reject(outcome);
  };
  const lookup = () => Promise.resolve(addresses);
  const outcome = await dialSite({ ...site, ...over }, dial, { allowLoopback: false, lookup, isUnreachable }).catch(
    (error: unknown) => error,
  );
  return { outcome, dials, hosts: dials.map(({ host }) => host) };
};

describe('dialling a site', () => {
  it('goes to the address that was judged, and asks for the certificate of the name', async () => {
    const { outcome, dials } = await dialled({}, ['10.0.0.1'], ['connected']);
    expect(outcome).toBe('connected');
    expect(dials).toEqual([{ host: '10.0.0.1', tlsName: 'router.example', port: 8729, tls: { mode: 'verify' }, username: 'runner' }]);
  });

  it('asks for the pinned certificate where there is one', async () => {
    const { dials } = await dialled({ tls: 'pin', tlsFingerprint: 'ab'.repeat(32) }, ['10.0.0.1'], []);
    expect(dials).toMatchObject([{ tls: { mode: 'pin', sha256: 'ab'.repeat(32) } }]);
  });

  it('tries the next address only where one cannot be reached, and few of them', async () => {
    const away = new Unreachable('away');
    expect(await dialled({}, ['10.0.0.1', 'fd00::1'], [away, 'connected'])).toMatchObject({
      outcome: 'connected',
      hosts: ['10.0.0.1', 'fd00::1'],
    });
    const refused = new Error('wrong password');
    expect(await dialled({}, ['10.0.0.1', 'fd00::1'], [refused])).toMatchObject({ outcome: refused, hosts: ['10.0.0.1'] });
    const many = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'];
    expect(
      await dialled(
        {},
        many,
        many.map(() => away),
      ),
    ).toMatchObject({ outcome: away, hosts: many.slice(0, 4) });
  });

  it.each([
    ['this machine', ['10.0.0.1', '127.0.0.1']],
    ['a metadata service', ['169.254.169.254']],
    ['what a gateway makes a metadata service of', ['64:ff9b::a9fe:a9fe']],
  ])('goes nowhere where the name has come to lead to %s', async (_, addresses) => {
    expect(await dialled({}, addresses, [])).toMatchObject({ outcome: { code: 'address_refused' }, hosts: [] });
  });
});
