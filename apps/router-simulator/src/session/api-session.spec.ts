import { afterAll, describe, expect, it } from '@jest/globals';
import { answerToChallenge } from '../protocol/challenge.js';
import { Fixture } from '../testing/fixture.js';

const fixture = new Fixture();
afterAll(() => fixture.end());

describe('logging in', () => {
  it('takes the password in clear since 6.43', async () => {
    const router = await fixture.router();
    const { username, password } = router.description;
    const client = await fixture.connection(router);
    expect(await client.command('/login', `=name=${username}`, `=password=${password}`)).toEqual([['!done']]);
  });

  it('refuses a wrong password, an unknown user, and a group without the api policy, and stays connected', async () => {
    const router = await fixture.router();
    const { username, password } = router.description;
    const refused = [['!trap', '=message=invalid user name or password (6)'], ['!done']];
    const client = await fixture.connection(router);
    expect(await client.command('/login', `=name=${username}`, '=password=wrong')).toEqual(refused);
    expect(await client.command('/login', '=name=nobody', '=password=')).toEqual(refused);
    expect(await client.command('/login', `=name=${username}`, `=password=${password}`)).toEqual([['!done']]);
    await client.ret('/user/group/add', '=name=blind', '=policy=read');
    await client.ret('/user/add', '=name=eve', '=group=blind', '=password=x');
    expect(await (await fixture.connection(router)).command('/login', '=name=eve', '=password=x')).toEqual(refused);
  });

  it('asks before 6.43, also those who use the new form', async () => {
    const router = await fixture.router({ profile: { version: '6.42.12 (long-term)' } });
    const { username, password } = router.description;
    const client = await fixture.connection(router);
    const [answer] = await client.command('/login', `=name=${username}`, `=password=${password}`);
    const challenge = answer?.[1]?.replace('=ret=', '') ?? '';
    expect(challenge).toMatch(/^[0-9a-f]{32}$/);
    const wrong = await client.command('/login', `=name=${username}`, `=response=${answerToChallenge('no', challenge)}`);
    expect(wrong).toEqual([['!trap', '=message=cannot log in'], ['!done']]);
    const [again] = await client.command('/login');
    const response = answerToChallenge(password, again?.[1]?.replace('=ret=', '') ?? '');
    expect(await client.command('/login', `=name=${username}`, `=response=${response}`)).toEqual([['!done']]);
  });

  it('ends sessions that command or talk too much before it', async () => {
    const router = await fixture.router();
    const early = await fixture.connection(router);
    expect(await early.command('/system/identity/print')).toEqual([['!fatal', 'not logged in']]);
    expect(await early.closed).toBe('ended');
    const long = await fixture.connection(router);
    expect(await long.command('/login', `=name=${'x'.repeat(2_000)}`)).toEqual([['!fatal', 'too many commands before login']]);
    expect(await long.closed).toBe('ended');
  });
});

describe('answers', () => {
  it('have rows, possibly without attributes, and say when there are none since 7.18', async () => {
    const client = await fixture.session(await fixture.router());
    expect(await client.command('/system/script/print')).toEqual([['!empty'], ['!done']]);
    expect(await client.command('/system/identity/print', '=.proplist=nothing')).toEqual([['!re'], ['!done']]);
    const before = await fixture.session(await fixture.router({ profile: { version: '7.17.2 (stable)' } }));
    expect(await before.command('/system/script/print')).toEqual([['!done']]);
  });

  it('carry what add gives, and traps in the words of RouterOS', async () => {
    const client = await fixture.session(await fixture.router());
    expect(await client.command('/system/script/add', '=name=a', '=source=:put 1')).toEqual([['!done', '=ret=*1']]);
    expect(await client.command('/system/script/add', '=name=a')).toEqual([
      ['!trap', '=message=failure: item with this name already exists'],
      ['!done'],
    ]);
    expect(await client.command('/system/script/remove', '=.id=*77')).toEqual([
      ['!trap', '=category=0', '=message=no such item'],
      ['!done'],
    ]);
    expect(await client.command('/system/script/add')).toEqual([
      ['!trap', '=category=1', '=message=missing value(s) of argument(s) name'],
      ['!done'],
    ]);
    expect(await client.command('/system/script/add', '=bogus=1')).toEqual([
      ['!trap', '=category=1', '=message=unknown parameter bogus'],
      ['!done'],
    ]);
    expect(await client.command('/no/such/print')).toEqual([['!trap', '=category=0', '=message=no such command prefix'], ['!done']]);
    expect(await client.command('/system/script/frob')).toEqual([['!trap', '=category=0', '=message=no such command'], ['!done']]);
    expect(await client.command('/system/script/find')).toEqual([['!trap', '=category=0', '=message=no such command'], ['!done']]);
    expect(await client.command('/system/script/remove', '=numbers=a')).toEqual([['!done']]);
  });

  it('repeat the tag right after the reply word and mix with those of other tags', async () => {
    const client = await fixture.session(await fixture.router());
    await client.ret('/system/script/add', '=name=slow', '=source=:delay 200ms');
    client.send('/system/script/run', '=number=slow', '.tag=s');
    client.send('/system/identity/print', '.tag=i');
    expect((await client.next()).slice(0, 2)).toEqual(['!re', '.tag=i']);
    expect(await client.next()).toEqual(['!done', '.tag=i']);
    expect(await client.next()).toEqual(['!done', '.tag=s']);
  });

  it('are cut short by /cancel, for one tag or for all', async () => {
    const client = await fixture.session(await fixture.router());
    await client.ret('/system/script/add', '=name=long', '=source=:delay 1h');
    client.send('/system/script/run', '=number=long', '.tag=a');
    client.send('/system/script/run', '=number=long', '.tag=b');
    client.send('/cancel', '=tag=a', '.tag=c');
    const seen = [await client.next(), await client.next(), await client.next()];
    expect(seen).toContainEqual(['!trap', '.tag=a', '=category=2', '=message=interrupted']);
    expect(seen).toContainEqual(['!done', '.tag=a']);
    expect(seen).toContainEqual(['!done', '.tag=c']);
    client.send('/cancel', '.tag=d');
    const rest = [await client.next(), await client.next(), await client.next()];
    expect(rest).toContainEqual(['!done', '.tag=b']);
  });

  it('give back the bytes that came', async () => {
    const client = await fixture.session(await fixture.router());
    const text = Buffer.from('/log info "Größe 😀"\r\n\ttab', 'utf8').toString('latin1') + '\x81\x8d';
    await client.ret('/system/script/add', '=name=b', `=source=${text}`);
    const [row] = await client.rows('/system/script/print', '?name=b', '=.proplist=source');
    expect(row).toEqual({ source: text });
  });

  it('end with a bare word at /quit', async () => {
    const client = await fixture.session(await fixture.router());
    expect(await client.command('/quit')).toEqual([['!fatal', 'session terminated on request']]);
    expect(await client.closed).toBe('ended');
  });

  it('end at a reserved control byte', async () => {
    const client = await fixture.session(await fixture.router());
    client.socket.write(Buffer.from([0xf8]));
    expect((await client.next())[0]).toBe('!fatal');
    expect(await client.closed).toBe('ended');
  });

  it('refuse what the group of the user does not allow', async () => {
    const router = await fixture.router();
    const client = await fixture.session(router);
    await client.ret('/user/add', '=name=viewer', '=group=read', '=password=x');
    const viewer = await fixture.session(router, { username: 'viewer', password: 'x' });
    expect(await viewer.command('/system/script/add', '=name=a')).toEqual([
      ['!trap', '=category=4', '=message=not enough permissions (9)'],
      ['!done'],
    ]);
  });

  it('come to as many sessions as the router takes', async () => {
    const router = await fixture.router({ faults: { conditions: { maxSessions: 2 } } });
    await fixture.session(router);
    await fixture.session(router);
    expect(await (await fixture.connection(router)).closed).toBe('ended');
  });
});
