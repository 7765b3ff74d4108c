import { afterEach, describe, expect, it } from '@jest/globals';
import { Connector, Receiver, RouterOSAPI } from 'node-routeros';
import { DriverNotContained } from './containment.js';
import { verifyDriver } from './verify-driver.js';

const prototypes = { Connector: Connector.prototype, Receiver: Receiver.prototype, RouterOSAPI: RouterOSAPI.prototype };
const methodOf = (owner: keyof typeof prototypes, name: string) => Object.getOwnPropertyDescriptor(prototypes[owner], name);

// Read before the containment, which is put in place by the first use.
const replaced = (
  [
    ['Receiver', 'processRawData'],
    ['Connector', 'onData'],
    ['Connector', 'onConnect'],
    ['Connector', 'write'],
    ['Connector', 'destroy'],
    ['RouterOSAPI', 'login'],
  ] as const
).map(([owner, name]) => ({ owner, name, theirs: methodOf(owner, name) ?? {} }));

describe('the self-test of the driver', () => {
  let restore: (() => void) | undefined;
  afterEach(() => restore?.());

  it('passes with the containment', async () => {
    await expect(verifyDriver()).resolves.toBeUndefined();
  });

  it.each(replaced)('fails when $owner.$name is theirs again', async ({ owner, name, theirs }) => {
    const ours = methodOf(owner, name) ?? {};
    restore = () => void Object.defineProperty(prototypes[owner], name, ours);
    Object.defineProperty(prototypes[owner], name, theirs);
    await expect(verifyDriver()).rejects.toThrow(DriverNotContained);
  });

  it('fails when the conversation goes wrong, whoever is to blame', async () => {
    const ours = methodOf('Receiver', 'read') ?? {};
    restore = () => void Object.defineProperty(Receiver.prototype, 'read', ours);
    Object.defineProperty(Receiver.prototype, 'read', { value: () => {}, configurable: true });
    await expect(verifyDriver(100)).rejects.toThrow(DriverNotContained);
  });
});
