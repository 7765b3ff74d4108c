import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { LoginFailed, RouterUnreachable, type RouterAddress } from '../router-session.js';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import { scriptedRouter, type Script } from '../testing/index.js';
import { PATIENCE, patient } from '../testing/scripted-session.js';
import { connectRouter } from './connect-router.js';

const CHALLENGE = 'ebddd18303a54111e2dea05a92ab46b4';

const connectTo = (script: Script, overrides: Partial<RouterAddress> = {}) =>
  scriptedRouter(script, async (router) => {
    const session = await connectRouter(router.address(overrides), patient);
    await session.close();
    return router.asked;
  });

const refusing =
  (message: string): Script =>
  async (client) =>
    void (await client.answer(['!trap', `=message=${message}`], ['!done']));

const quotesTheLogin: Script = async (client) => {
  const { words } = await client.next();
  await client.send(encodeSentence(['!fatal', `no login with ${words[1]}`]));
};

describe('connecting', () => {
  it('logs in with the password in clear since RouterOS 6.43', async () => {
    const asked = await connectTo((client) => client.letIn(), { username: 'nakts', password: 'ļoti slepens' });
    expect(asked).toEqual([{ path: '/login', words: ['=name=nakts', '=password=ļoti slepens'], tag: expect.any(String) }]);
  });

  it.each(['correct horse', 'ļoti slepens', ''])('answers the challenge of older routers with the password "%s"', async (password) => {
    const proof = Buffer.concat([Buffer.from([0]), Buffer.from(password), Buffer.from(CHALLENGE, 'hex')]);
    const asked = await connectTo(
      async (client) => {
        await client.answer(['!done', `=ret=${CHALLENGE}`]);
        await client.answer(['!done']);
      },
      { password },
    );
    expect(asked[1]?.words).toEqual(['=name=admin', `=response=00${createHash('md5').update(proof).digest('hex')}`]);
  });

  it.each(['invalid user name or password (6)', 'invalid user name or password', 'cannot log in'])(
    'fails the login on "%s"',
    async (message) => {
      await expect(connectTo(refusing(message))).rejects.toThrow(LoginFailed);
    },
  );

  it('fails the login of an older router that refuses the answer to its challenge', async () => {
    const login = connectTo(async (client) => {
      await client.answer(['!done', `=ret=${CHALLENGE}`]);
      await client.answer(['!trap', '=message=cannot log in'], ['!done']);
    });
    await expect(login).rejects.toThrow(LoginFailed);
  });

  it('fails the login even if the router hangs up before the end of its refusal', async () => {
    const login = connectTo(async (client) => {
      await client.answer(['!trap', '=message=invalid user name or password (6)']);
      client.hangUp();
    });
    await expect(login).rejects.toThrow(LoginFailed);
  });

  it.each(['too many sessions', 'could not authenticate - radius timeout'])('is worth another try on "%s"', async (message) => {
    const failure = await connectTo(refusing(message)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RouterUnreachable);
    expect(failure).toMatchObject({ message: `the router refused the login: ${message}` });
  });

  it('never repeats the password that a router quotes', async () => {
    const failure = await connectTo(quotesTheLogin, { password: 'hunter2' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RouterUnreachable);
    expect(failure).toMatchObject({ message: 'the router refused the login: no login with =password=***' });
    expect(failure).not.toHaveProperty('cause');
  });

  it('names the system error of a closed port', async () => {
    const address = await scriptedRouter(
      () => {},
      async (router) => router.address(),
    );
    const failure = await connectRouter(address, patient).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RouterUnreachable);
    expect(failure).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
  });

  it.each([
    ['a port that is none', { port: 65_536 }],
    ['a port that is a fraction', { port: 8728.5 }],
    ['a name that nobody has', { host: 'router.invalid' }],
    ['a name that is empty', { host: '' }],
  ])('finds no router behind %s', async (_, overrides) => {
    await expect(connectTo((client) => client.letIn(), overrides)).rejects.toThrow(RouterUnreachable);
  });

  it('resolves names', async () => {
    await expect(connectTo((client) => client.letIn(), { host: 'localhost' })).resolves.toHaveLength(1);
  });

  it('gives up on a router that never answers the login', async () => {
    await scriptedRouter(
      (client) => client.untilGone(),
      async (router) => {
        const silent = connectRouter(router.address(), { connectTimeoutMillis: PATIENCE, loginTimeoutMillis: 30 });
        await expect(silent).rejects.toThrow(RouterUnreachable);
      },
    );
  });
});
