import { describe, expect, it } from '@jest/globals';
import { RouterUnreachable, TlsUntrusted, type Peer, type RouterAddress } from '../router-session.js';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import { scriptedRouter, selfSigned, type Script, type SelfSigned } from '../testing/index.js';
import { PATIENCE, patient } from '../testing/scripted-session.js';
import { createConnectRouter, type DriverSettings } from './connect-router.js';

const certificate = selfSigned('127.0.0.1', 'localhost');
const another = selfSigned('127.0.0.1');
const elsewhere = selfSigned('192.0.2.1', 'router.example');
const named = selfSigned('localhost');

const obliging: Script = async (client) => {
  await client.letIn();
  await client.answer(['!done', '=ret=ok']);
};

/** What a command gives over TLS, and what the router was asked. */
const askOver = (server: SelfSigned, overrides: Partial<RouterAddress>, settings: DriverSettings = {}) =>
  scriptedRouter(
    obliging,
    async (router) => {
      const connected = await createConnectRouter(settings)(router.address(overrides), patient).catch((error: Error) => error);
      if ('command' in connected) {
        const { ret } = await connected.command('/print', [], PATIENCE);
        await connected.close();
        return { outcome: ret, asked: router.asked };
      }
      return { outcome: connected, asked: router.asked };
    },
    server,
  );

const pin = (sha256: string) => ({ tls: { mode: 'pin', sha256 } }) as const;
const verify = { tls: { mode: 'verify' } } as const;

describe('TLS', () => {
  it.each([
    ['the pinned certificate', pin(certificate.sha256), {}],
    ['the pinned certificate, written with colons', pin((certificate.sha256.toUpperCase().match(/../g) ?? []).join(':')), {}],
    ['a certificate of an authority of ours, by address', verify, { ca: [certificate.cert] }],
    ['a certificate of an authority of ours, by name', { ...verify, host: 'localhost' }, { ca: [another.cert, certificate.cert] }],
  ])('trusts %s', async (_, overrides, settings) => {
    const { outcome } = await askOver(certificate, overrides, settings);
    expect(outcome).toBe('ok');
  });

  it.each([
    ['of its host', { host: 'localhost' }],
    ['that its address was resolved from', { host: '127.0.0.1', tlsName: 'localhost' }],
  ])('trusts a certificate that bears the name %s, and no address', async (_, overrides) => {
    const { outcome } = await askOver(named, { ...verify, ...overrides }, { ca: [named.cert] });
    expect(outcome).toBe('ok');
  });

  it.each([
    ['another certificate than the pinned', certificate, pin(another.sha256), {}],
    ['any certificate if the pin is none', certificate, pin('not a hash'), {}],
    ['a certificate that nobody vouches for', certificate, verify, {}],
    ['a certificate of another authority', certificate, verify, { ca: [another.cert] }],
    ['a certificate for another host', elsewhere, verify, { ca: [elsewhere.cert] }],
    ['a certificate for another name', certificate, { ...verify, tlsName: 'router.example' }, { ca: [certificate.cert] }],
  ])('does not trust %s, and sends it nothing', async (_, server, overrides, settings) => {
    const { outcome, asked } = await askOver(server, overrides, settings);
    expect(outcome).toBeInstanceOf(TlsUntrusted);
    expect(asked).toEqual([]);
  });

  it.each([
    ['the pinned certificate', pin(certificate.sha256), {}, [certificate.sha256]],
    ['another than the pinned', pin(another.sha256), {}, [certificate.sha256]],
    ['a certificate of an authority of ours', verify, { ca: [certificate.cert] }, [certificate.sha256]],
    ['a certificate that nobody vouches for', verify, {}, []],
  ])('tells of %s before anything is sent', async (_, overrides, settings, expected) => {
    const told: (string | null)[] = [];
    await scriptedRouter(
      obliging,
      async (router) => {
        const onConnected = (peer: Peer) => {
          told.push(peer.certificate);
          expect(router.asked).toEqual([]);
        };
        const connected = createConnectRouter(settings)(router.address(overrides), { ...patient, onConnected });
        await connected.then(
          (session) => session.close(),
          (error: unknown) => expect(error).toBeInstanceOf(TlsUntrusted),
        );
      },
      certificate,
    );
    expect(told).toEqual(expected);
  });

  it('tells of a router without TLS that it shows no certificate', async () => {
    const told: (string | null)[] = [];
    const onConnected = (peer: Peer) => told.push(peer.certificate);
    await scriptedRouter(obliging, async (router) => {
      await (await createConnectRouter()(router.address(), { ...patient, onConnected })).close();
    });
    expect(told).toEqual([null]);
  });

  it('does not trust a router that speaks no TLS', async () => {
    await scriptedRouter(
      (client) => client.send(encodeSentence(['!fatal', 'who are you'])),
      async (router) => {
        await expect(createConnectRouter()(router.address(verify), patient)).rejects.toThrow(TlsUntrusted);
      },
    );
  });

  it('does not trust a router without a certificate, which is how api-ssl comes', async () => {
    await scriptedRouter(
      (client) => client.letIn(),
      async (router) => {
        await expect(createConnectRouter()(router.address(pin(certificate.sha256)), patient)).rejects.toThrow(TlsUntrusted);
      },
      { ciphers: 'ADH-AES256-GCM-SHA384:@SECLEVEL=0', maxVersion: 'TLSv1.2' },
    );
  });

  it('finds an authority that cannot be read before it dials', async () => {
    const { outcome, asked } = await askOver(certificate, verify, {
      ca: ['-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----'],
    });
    expect(outcome).toBeInstanceOf(Error);
    expect(asked).toEqual([]);
  });

  it.each<[string, Script]>([
    ['hangs up', (client) => client.hangUp()],
    ['resets', (client) => client.reset()],
  ])('says unreachable, not untrusted, of a router that %s instead of a handshake', async (_, leave) => {
    await scriptedRouter(leave, async (router) => {
      await expect(createConnectRouter()(router.address(verify), patient)).rejects.toThrow(RouterUnreachable);
    });
  });

  it('gives up on a handshake that does not come', async () => {
    await scriptedRouter(
      (client) => client.untilGone(),
      async (router) => {
        const hasty = createConnectRouter()(router.address(verify), { connectTimeoutMillis: 50, loginTimeoutMillis: PATIENCE });
        await expect(hasty).rejects.toThrow(RouterUnreachable);
      },
    );
  });
});
