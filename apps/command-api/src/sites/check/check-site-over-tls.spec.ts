import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SiteCheckJson } from '@scheduled-scripts/contracts';
import { selfSigned } from '@scheduled-scripts/routeros/testing';
import { CheckStage, nothing } from '../../testing/check-stage.js';

const certificate = selfSigned('127.0.0.1');

describe('the check of a site over TLS', () => {
  let stage: CheckStage;

  beforeAll(async () => {
    stage = await CheckStage.set();
  });

  afterAll(() => stage.strike());

  const withTls = async (over: Record<string, unknown>): Promise<SiteCheckJson> => {
    const router = await stage.shelf.router({ tls: { port: 0, files: certificate } });
    return stage.check(await stage.register(router, { port: router.description.tlsPort, ...over }));
  };
  const other = 'ab'.repeat(32);

  it.each(['', ':'])('knows the pinned certificate, written with %j', async (separator) => {
    const pin = (certificate.sha256.match(/../g) ?? []).join(separator);
    const result = await withTls({ tls: 'pin', tls_fingerprint: separator === '' ? pin : pin.toUpperCase() });
    expect(result).toMatchObject({ tls: { mode: 'pin', fingerprint: certificate.sha256, trusted: true }, logged_in: true, problems: [] });
  });

  it('finds another certificate than the pinned, and shows it', async () => {
    expect(await withTls({ tls: 'pin', tls_fingerprint: other })).toMatchObject({
      ...nothing,
      reachable: true,
      tls: { mode: 'pin', fingerprint: certificate.sha256, trusted: false },
      problems: [{ code: 'tls_untrusted' }],
    });
  });

  it('finds a certificate that nobody vouches for, and shows it, so that it can be pinned', async () => {
    const result = await withTls({ tls: 'verify' });
    expect(result).toMatchObject({
      ...nothing,
      reachable: true,
      tls: { mode: 'verify', fingerprint: certificate.sha256, trusted: false },
      problems: [{ code: 'tls_untrusted' }],
    });
    const change = { tls: 'pin', tls_fingerprint: result.tls.fingerprint };
    expect((await stage.api.call('PATCH', `/sites/${result.site_id}`, { body: change })).status).toBe(200);
    expect(await stage.check(result.site_id)).toMatchObject({ tls: { trusted: true }, problems: [] });
  });

  it('finds a router that speaks none there', async () => {
    expect(await stage.found({}, { tls: 'verify' })).toMatchObject({
      ...nothing,
      tls: { fingerprint: null, trusted: false },
      problems: [{ code: 'tls_untrusted' }],
    });
  });
});
