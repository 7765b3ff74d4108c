import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import { scriptedRouter, selfSigned, type Script, type SelfSigned } from '../testing/index.js';
import { PATIENCE, patient } from '../testing/scripted-session.js';
import { createConnectRouter } from './connect-router.js';

/** Kinds of sockets, servers, timers, lookups and the like that keep the process busy beyond those of `before`. */
function inUse(before: readonly string[] = []): string[] {
  const others = [...before];
  return process.getActiveResourcesInfo().filter((kind) => {
    const at = others.indexOf(kind);
    if (at >= 0) others.splice(at, 1);
    return at < 0 && kind !== 'Immediate';
  });
}

const ways: Script[] = [
  (client) => client.hangUp(),
  (client) => client.reset(),
  (client) => client.send(Buffer.from([0xff])),
  (client) => client.flood(encodeSentence(['!re', '=a=b'])),
  async (client) => void (await client.answer(['!trap', '=message=cannot log in'], ['!done'])),
  async (client) => {
    await client.letIn();
    await client.next();
    client.reset();
  },
  async (client) => {
    await client.letIn();
    await client.next();
    client.hangUp();
  },
  async (client) => {
    await client.letIn();
    client.stayHalfOpen();
    await client.untilGone();
  },
];

/** Connects, asks and closes; how many of so many attempts failed. */
async function failuresOf(attempts: number, tls?: SelfSigned): Promise<number> {
  let met = 0;
  const limits = { maxStraySentences: 100, closeTimeoutMillis: 20 };
  const connect = createConnectRouter({ limits });
  return scriptedRouter(
    (client) => ways[met++ % ways.length]?.(client),
    async (router) => {
      const address = router.address({ host: 'localhost', ...(tls && { tls: { mode: 'pin', sha256: tls.sha256 } }) });
      const attempt = async () => {
        const session = await connect(address, patient);
        try {
          await session.command('/print', [], 20);
        } finally {
          await session.close();
        }
      };
      let failures = 0;
      for (let left = attempts; left > 0; left -= 20) {
        const settled = await Promise.allSettled(Array.from({ length: 20 }, attempt));
        failures += settled.filter(({ status }) => status === 'rejected').length;
      }
      await router.untilDeserted();
      return failures;
    },
    tls,
  );
}

describe('resources', () => {
  it.each([
    ['plain', undefined],
    ['TLS', selfSigned('127.0.0.1')],
  ])(
    'are all given back after 200 %s sessions that failed in every way',
    async (_, tls) => {
      const before = inUse();
      await expect(failuresOf(200, tls)).resolves.toBe(200);
      const deadline = performance.now() + PATIENCE / 4;
      while (inUse(before).length > 0 && performance.now() < deadline) await setImmediate();
      expect(inUse(before)).toEqual([]);
    },
    30_000,
  );
});
