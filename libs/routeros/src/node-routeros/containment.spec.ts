import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import { RouterLost, RouterRefused, RouterUnreachable } from '../router-session.js';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import { reply, scriptedRouter, type Asked } from '../testing/index.js';
import { PATIENCE, patient, scriptedSession } from '../testing/scripted-session.js';
import { connectRouter } from './connect-router.js';

/** Two rows and an end, with a word long enough for a two-byte length. */
const longReply = (asked: Asked): Buffer =>
  Buffer.concat([
    reply(asked, '!re', `=source=${'x'.repeat(200)}`, '=name=ž'),
    reply(asked, '!re', '=name=b'),
    reply(asked, '!done', '=ret=*1'),
  ]);
const longRows = [{ source: 'x'.repeat(200), name: 'ž' }, { name: 'b' }];

describe('the containment holds although node-routeros by itself', () => {
  it('dies of !empty, which every router since 7.18 answers to a print that finds nothing', async () => {
    await scriptedSession(
      async (client) => {
        await client.answer(['!empty'], ['!done']);
        await client.answer(['!re', '=name=a'], ['!done']);
      },
      async (session) => {
        await expect(session.command('/system/script/print', [], PATIENCE)).resolves.toEqual({ rows: [], ret: null });
        await expect(session.command('/system/script/print', [], PATIENCE)).resolves.toMatchObject({ rows: [{ name: 'a' }] });
      },
    );
  });

  it('drops the category of a trap and all traps but the first', async () => {
    await scriptedSession(
      async (client) =>
        void (await client.answer(['!trap', '=category=2', '=message=interrupted'], ['!trap', '=message=and more'], ['!done'])),
      async (session) => {
        const failure = await session.command('/system/script/run', [], PATIENCE).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(RouterRefused);
        expect(failure).toMatchObject({ message: 'interrupted; and more', category: 2 });
      },
    );
  });

  it('is stuck or out of step when TCP cuts before the last byte or inside a length: tried at every single place', async () => {
    const bytes = longReply({ path: '', words: [], tag: 'x00' }).length;
    await scriptedSession(
      async (client) => {
        for (let cut = 1; cut < bytes; cut += 1) await client.sendCut(longReply(await client.next()), [cut]);
      },
      async (session) => {
        for (let cut = 1; cut < bytes; cut += 1) {
          await expect(session.command('/system/script/print', [], PATIENCE)).resolves.toEqual({ rows: longRows, ret: '*1' });
        }
      },
    );
  });

  it('never logs in when every byte comes in a segment of its own', async () => {
    await scriptedRouter(
      async (client) => {
        await client.sendByteByByte(reply(await client.next(), '!done'));
        await client.sendByteByByte(longReply(await client.next()));
      },
      async (router) => {
        const session = await connectRouter(router.address(), patient);
        await expect(session.command('/system/script/print', [], PATIENCE)).resolves.toEqual({ rows: longRows, ret: '*1' });
        await session.close();
      },
    );
  });

  it('dies of a reply to a tag that nobody waits for any more', async () => {
    await scriptedSession(
      async (client) => {
        const first = await client.answer(['!done']);
        const second = await client.next();
        const late = [
          reply(first, '!re', '=late=1'),
          encodeSentence(['!re', '.tag=elsewhere', '=late=2']),
          encodeSentence(['!re', '=late=3']),
        ];
        await client.send(Buffer.concat([...late, reply(second, '!re', '=name=a'), ...late, reply(second, '!done')]));
      },
      async (session) => {
        await session.command('/first', [], PATIENCE);
        await expect(session.command('/second', [], PATIENCE)).resolves.toEqual({ rows: [{ name: 'a' }], ret: null });
      },
    );
  });

  it('dies of a reply word that it does not know', async () => {
    await scriptedSession(
      async (client) => void (await client.answer(['!weird', '=a=b'])),
      async (session) => {
        await expect(session.command('/print', [], PATIENCE)).rejects.toThrow(RouterLost);
      },
    );
  });

  it("adds its tag to the caller's own array", async () => {
    await scriptedSession(
      async (client) => {
        for (;;) await client.answer(['!done']);
      },
      async (session, router) => {
        const words = Object.freeze(['=.proplist=.id']);
        await session.command('/print', words, PATIENCE);
        await session.command('/print', words, PATIENCE);
        expect(words).toEqual(['=.proplist=.id']);
        expect(router.asked.slice(1).map((asked) => asked.words)).toEqual([words, words]);
      },
    );
  });

  it('turns what is not in win1252 into question marks, both ways', async () => {
    const text = 'āžņ 測試 😀 \u0081\u008d';
    await scriptedSession(
      async (client) => {
        const asked = await client.next();
        await client.send(Buffer.concat([reply(asked, '!re', ...asked.words), reply(asked, '!done')]));
      },
      async (session, router) => {
        await expect(session.command('/echo', [`=text=${text}`], PATIENCE)).resolves.toMatchObject({ rows: [{ text }] });
        expect(router.asked[1]?.words).toEqual([`=text=${text}`]);
      },
    );
  });

  it('sends `#` commands of its own while a command takes long', async () => {
    await scriptedSession(
      async (client) => {
        const asked = await client.next();
        jest.advanceTimersByTime(PATIENCE - 1);
        await client.send(reply(asked, '!re', '=after=a while'));
        await client.send(reply(asked, '!done'));
        await client.answer(['!done']);
      },
      async (session, router) => {
        jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
        try {
          await session.command('/slow', [], PATIENCE);
          await session.command('/next', [], PATIENCE);
        } finally {
          jest.useRealTimers();
        }
        expect(router.asked.map(({ path }) => path)).toEqual(['/login', '/slow', '/next']);
      },
    );
  });

  it.each([
    [
      'rows',
      [
        ['!re', '=a=1'],
        ['!re', '=b=2'],
        ['!done', '=ret=no challenge'],
      ],
    ],
    ['a challenge that is none', [['!done', '=ret=deadbeef']]],
    ['another word than `!done`', [['!weird']]],
  ] as [string, [string, ...string[]][]][])('takes %s for a login', async (_, sentences) => {
    await scriptedRouter(
      async (client) => void (await client.answer(...sentences)),
      async (router) => {
        await expect(connectRouter(router.address(), patient)).rejects.toThrow(RouterUnreachable);
      },
    );
  });

  it('logs every word that it sends, the password too, as soon as somebody sets DEBUG', async () => {
    const debug: { enable(names: string): void; disable(): string; log: (...line: unknown[]) => void } = createRequire(
      createRequire(import.meta.url).resolve('node-routeros'),
    )('debug');
    const lines: unknown[] = [];
    debug.log = (...line) => void lines.push(...line);
    debug.enable('*');
    try {
      await scriptedRouter(
        (client) => client.letIn(),
        async (router) => {
          const session = await connectRouter(router.address({ password: 'hunter2' }), patient);
          await session.close();
        },
      );
    } finally {
      debug.disable();
    }
    expect(lines.join('\n')).toContain('Logged in');
    expect(lines.join('\n')).not.toContain('hunter2');
  });
});
