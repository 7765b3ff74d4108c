import { describe, expect, it } from '@jest/globals';
import { RouterLost, RouterTimeout, RouterUnreachable } from '../router-session.js';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import { encodeLength } from '../sentence/word-length.js';
import { reply, scriptedRouter, type Asked, type ScriptedConnection } from '../testing/index.js';
import { PATIENCE, patient, scriptedSession } from '../testing/scripted-session.js';
import { createConnectRouter } from './connect-router.js';

const limits = { maxWordBytes: 4096, maxSentenceBytes: 8192, maxReplyBytes: 65_536, maxStraySentences: 100 };

/** What a router does at some moment; `asked` is what it was asked last. */
type Hostility = (client: ScriptedConnection, asked: Asked) => Promise<void>;

const sending =
  (bytes: Buffer): Hostility =>
  (client) =>
    client.send(bytes);

const flooding =
  (sentence: (asked: Asked) => Buffer): Hostility =>
  (client, asked) =>
    client.flood(Buffer.concat(Array.from({ length: 100 }, () => sentence(asked))));

const always: [string, Hostility][] = [
  ['a reserved control byte', sending(Buffer.from([0xf8, 0, 0, 0, 0]))],
  ['another undefined length byte', sending(Buffer.from([0xf3]))],
  ['a word of 4 GiB', sending(encodeLength(0xffffffff))],
  ['a word beyond the limit', sending(encodeLength(4097))],
  ['random bytes', sending(Buffer.from('c1d2f7a0936b5bfe', 'hex'))],
  ['another protocol', sending(encodeSentence(['SSH-2.0-OpenSSH_9.2', 'bye']))],
  ['endless zeros', flooding(() => Buffer.alloc(100))],
  ['endless rows for nobody', flooding(() => encodeSentence(['!re', '.tag=nobody', '=a=b']))],
  ['endless rows without a tag', flooding(() => encodeSentence(['!re', '=a=b']))],
  ['endless empty replies', flooding(() => encodeSentence(['!empty']))],
  ['an endless sentence', flooding(() => Buffer.concat([encodeLength(3), Buffer.from('!re')]))],
];

const whileAsked: [string, Hostility][] = [
  ...always,
  ['endless rows of the reply', flooding((asked) => reply(asked, '!re', '=name=a'))],
  ['endless rows without attributes', flooding((asked) => reply(asked, '!re'))],
  ['endless !empty of the reply', flooding((asked) => reply(asked, '!empty'))],
];

describe('a router that sends', () => {
  it.each(whileAsked)('%s during the login is dropped', async (_, attack) => {
    await scriptedRouter(
      async (client) => attack(client, await client.next()),
      async (router) => {
        await expect(createConnectRouter({ limits })(router.address(), patient)).rejects.toThrow(RouterUnreachable);
      },
    );
  });

  it.each([...whileAsked, ['endless traps', flooding((asked) => reply(asked, '!trap', '=message=no'))] as const])(
    '%s during a command is dropped',
    async (_, attack) => {
      await scriptedSession(
        async (client) => attack(client, await client.next()),
        async (session, router) => {
          await expect(session.command('/system/script/print', [], PATIENCE)).rejects.toThrow(RouterLost);
          await expect(session.command('/later', [], PATIENCE)).rejects.toThrow(RouterLost);
          expect(router.asked.map(({ path }) => path)).not.toContain('/later');
        },
        limits,
      );
    },
  );

  it.each(always)('%s while nobody asks is dropped', async (_, attack) => {
    await scriptedSession(
      async (client) => {
        await attack(client, await client.answer(['!done']));
      },
      async (session, router) => {
        await session.command('/first', [], PATIENCE);
        await router.untilDeserted();
        await expect(session.command('/second', [], PATIENCE)).rejects.toThrow(RouterLost);
      },
      limits,
    );
  });

  it('a word byte by byte gets no more time than the command has', async () => {
    await scriptedSession(
      async (client) => {
        await client.next();
        await client.send(encodeLength(1_000_000));
        await client.flood(Buffer.from('x'));
      },
      async (session) => {
        await expect(session.command('/system/script/print', [], 30)).rejects.toThrow(RouterTimeout);
      },
    );
  });

  it('a good reply behind which garbage comes has still answered', async () => {
    await scriptedSession(
      async (client) => {
        const asked = await client.next();
        await client.send(Buffer.concat([reply(asked, '!done', '=ret=*1'), Buffer.from([0xff])]));
      },
      async (session) => {
        await expect(session.command('/first', [], PATIENCE)).resolves.toEqual({ rows: [], ret: '*1' });
        await expect(session.command('/second', [], PATIENCE)).rejects.toThrow(RouterLost);
      },
    );
  });

  it('a large honest reply is read', async () => {
    await scriptedSession(
      async (client) => {
        const asked = await client.next();
        const rows = Array.from({ length: 20_000 }, (_, index) => reply(asked, '!re', `=.id=*${index}`, '=disabled=false'));
        await client.send(Buffer.concat([...rows, reply(asked, '!re', `=contents=${'x'.repeat(1_000_000)}`), reply(asked, '!done')]));
      },
      async (session) => {
        const { rows } = await session.command('/ip/firewall/address-list/print', [], PATIENCE);
        expect(rows).toHaveLength(20_001);
      },
    );
  });
});
