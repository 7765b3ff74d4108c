import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { RouterLost, RouterRefused, RouterTimeout } from '../router-session.js';
import { reply } from '../testing/index.js';
import { PATIENCE, scriptedSession } from '../testing/scripted-session.js';

describe('a command', () => {
  it('gives rows with their attributes, and apart from them what `!done` returns', async () => {
    await scriptedSession(
      async (client) => {
        const row = ['=.id=*1', '=comment=a=b', '=source=:put 1\r\n:put 2', '=empty=', '=__proto__=x'];
        await client.answer(['!re', ...row], ['!re'], ['!re', '=ret=row'], ['!done', '=ret=*2']);
      },
      async (session, router) => {
        const { rows, ret } = await session.command('/system/script/print', ['=.proplist=.id', '?name=ax'], PATIENCE);
        expect(rows.map((row) => Object.entries(row))).toEqual([
          [
            ['.id', '*1'],
            ['comment', 'a=b'],
            ['source', ':put 1\r\n:put 2'],
            ['empty', ''],
            ['__proto__', 'x'],
          ],
          [],
          [['ret', 'row']],
        ]);
        expect(ret).toBe('*2');
        expect(router.asked[1]).toMatchObject({ path: '/system/script/print', words: ['=.proplist=.id', '?name=ax'] });
      },
    );
  });

  it('that the router refuses leaves the session in use', async () => {
    await scriptedSession(
      async (client) => {
        await client.answer(['!trap', '=category=0', '=message=no such item'], ['!done']);
        await client.answer(['!done']);
      },
      async (session) => {
        const failure = await session.command('/system/script/remove', ['=.id=*1'], PATIENCE).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(RouterRefused);
        expect(failure).toMatchObject({ message: 'no such item', category: 0 });
        await expect(session.command('/system/script/print', [], PATIENCE)).resolves.toEqual({ rows: [], ret: null });
      },
    );
  });

  it('that the router refuses without a word, or with a category that there is not, is refused all the same', async () => {
    await scriptedSession(
      async (client) => {
        await client.answer(['!trap'], ['!done']);
        await client.answer(['!trap', '=category=12', '=message=odd'], ['!done']);
      },
      async (session) => {
        await expect(session.command('/one', [], PATIENCE)).rejects.toMatchObject({ message: 'no reason given', category: null });
        await expect(session.command('/two', [], PATIENCE)).rejects.toMatchObject({ message: 'odd', category: null });
      },
    );
  });

  it('is not sent before the one before it has its end', async () => {
    await scriptedSession(
      async (client) => {
        const first = await client.next();
        // Whatever had been sent behind it would be in the same turn of the stream.
        await client.send(reply(first, '!re', '=row=1'));
        await client.sendByteByByte(reply(first, '!done', '=ret=first'));
        await client.answer(['!trap', '=message=no'], ['!done']);
        await client.answer(['!done', '=ret=third']);
      },
      async (session, router) => {
        const endings: string[] = [];
        const run = (path: string) =>
          session
            .command(path, [], PATIENCE)
            .catch(() => {})
            .finally(() => endings.push(`${path} of ${router.asked.length - 1}`));
        await Promise.all(['/first', '/second', '/third'].map(run));
        expect(endings).toEqual(['/first of 1', '/second of 2', '/third of 3']);
      },
    );
  });

  it('without an end in time ends the session, and the ones behind it are never sent', async () => {
    await scriptedSession(
      (client) => client.untilGone(),
      async (session, router) => {
        const [silent, behind] = await Promise.allSettled([session.command('/silent', [], 30), session.command('/behind', [], PATIENCE)]);
        expect(silent).toMatchObject({ reason: expect.any(RouterTimeout) });
        expect(behind).toMatchObject({ reason: expect.any(RouterLost) });
        await expect(session.command('/later', [], PATIENCE)).rejects.toThrow(RouterLost);
        expect(router.asked.map(({ path }) => path)).toEqual(['/login', '/silent']);
      },
    );
  });

  it.each([
    ['an empty word, which would end the sentence early', '/system/script/add', ['=name=a', ''], TypeError],
    ['a tag of its own', '/system/script/add', ['.tag=7'], TypeError],
    ['more bytes than the limit', '/system/script/add', [`=source=${'ž'.repeat(100)}`], RangeError],
    ['no path', 'system', [], TypeError],
  ])('with %s is not sent and ends nothing', async (_, path, words, mistake) => {
    await scriptedSession(
      async (client) => void (await client.answer(['!done'])),
      async (session, router) => {
        await expect(session.command(path, words, PATIENCE)).rejects.toThrow(mistake);
        await expect(session.command('/fine', [], PATIENCE)).resolves.toEqual({ rows: [], ret: null });
        expect(router.asked.map((asked) => asked.path)).toEqual(['/login', '/fine']);
      },
      { maxCommandBytes: 200 },
    );
  });

  it('may take longer than any timer can say', async () => {
    await scriptedSession(
      async (client) => {
        const asked = await client.next();
        const later = performance.now() + 20;
        while (performance.now() < later) await setImmediate();
        await client.send(reply(asked, '!done'));
      },
      async (session) => {
        await expect(session.command('/slow', [], Number.MAX_SAFE_INTEGER)).resolves.toBeDefined();
      },
    );
  });
});

describe('closing', () => {
  it('says goodbye, and lets nothing be sent afterwards', async () => {
    await scriptedSession(
      (client) => client.untilGone(),
      async (session, router) => {
        await Promise.all([session.close(), session.close()]);
        await expect(session.command('/late', [], PATIENCE)).rejects.toThrow(RouterLost);
        expect(router.asked).toHaveLength(1);
      },
    );
  });

  it('cuts a command off', async () => {
    await scriptedSession(
      (client) => client.untilGone(),
      async (session) => {
        const cut = session.command('/silent', [], PATIENCE);
        const [failure] = await Promise.all([cut.catch((error: unknown) => error), session.close()]);
        expect(failure).toBeInstanceOf(RouterLost);
      },
    );
  });
});
