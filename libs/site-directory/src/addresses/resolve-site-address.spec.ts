import { describe, expect, it } from '@jest/globals';
import { resolveSiteAddress, type Lookup } from './resolve-site-address.js';

const answering =
  (...addresses: string[]): Lookup =>
  () =>
    Promise.resolve(addresses);
const failing =
  (code: string): Lookup =>
  () =>
    Promise.reject(Object.assign(new Error(`getaddrinfo ${code}`), { code }));
const silent: Lookup = () => new Promise(() => undefined);
const resolve = (host: string, lookup: Lookup, timeoutMillis?: number) =>
  resolveSiteAddress(host, { allowLoopback: false, lookup, ...(timeoutMillis === undefined ? {} : { timeoutMillis }) });

describe('resolving a site', () => {
  it('returns the checked addresses, in the order of the resolver', async () => {
    expect(await resolve('router.example', answering('10.0.0.1', 'fd00::7'))).toEqual(['10.0.0.1', 'fd00::7']);
  });

  it('takes an address as it is, without asking the resolver', async () => {
    expect(await resolve('192.168.88.1', failing('ENOTFOUND'))).toEqual(['192.168.88.1']);
    await expect(resolve('169.254.169.254', answering('10.0.0.1'))).rejects.toMatchObject({
      code: 'address_refused',
      reason: 'link_local',
    });
  });

  it('refuses a name with one bad address among good ones', async () => {
    await expect(resolve('both.example', answering('10.0.0.1', '::ffff:127.0.0.1'))).rejects.toMatchObject({
      code: 'address_refused',
      reason: 'loopback',
    });
  });

  it('refuses a name that has moved to a bad address since it was registered', async () => {
    const answers = [['10.0.0.1'], ['169.254.169.254']];
    const rebinding: Lookup = () => Promise.resolve(answers.shift() ?? []);
    expect(await resolve('rebind.example', rebinding)).toEqual(['10.0.0.1']);
    await expect(resolve('rebind.example', rebinding)).rejects.toMatchObject({ code: 'address_refused' });
  });

  it('tells a name without address from a resolver without answer', async () => {
    await expect(resolve('nowhere.example', failing('ENOTFOUND'))).rejects.toMatchObject({
      code: 'address_unresolved',
      isTemporary: false,
    });
    await expect(resolve('empty.example', answering())).rejects.toMatchObject({ code: 'address_unresolved', isTemporary: false });
    await expect(resolve('busy.example', failing('EAI_AGAIN'))).rejects.toMatchObject({ code: 'address_unresolved', isTemporary: true });
    await expect(resolve('slow.example', silent, 20)).rejects.toMatchObject({ code: 'address_unresolved', isTemporary: true });
  });

  it('catches the notations of an address that only a resolver understands', async () => {
    for (const notation of ['2130706433', '0x7f.1', '127.1']) {
      await expect(resolveSiteAddress(notation, { allowLoopback: false })).rejects.toThrow(/a site may not have this address|no address/);
    }
  });
});
