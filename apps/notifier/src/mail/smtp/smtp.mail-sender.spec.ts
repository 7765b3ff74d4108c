import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aMail, from, mailSenderContract } from '../../testing/mail-sender.contract.js';
import { listening, login, MailServer, type TlsOf } from '../../testing/mail-server.js';
import type { MailSender } from '../mail-sender.js';
import { openMailSender } from '../open-mail-sender.js';

const stageOver = (tls: TlsOf) => async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-'));
  const server = await new MailServer(tls).start();
  const sender = openMailSender({ url: server.urlFrom(folder), from, timeoutMillis: 10_000 });
  return {
    sender,
    received: () => Promise.resolve(server.received),
    breakDown: () => server.stop(),
    mend: async () => void (await server.start()),
    end: async () => {
      await sender.close();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
};

mailSenderContract('SMTP with STARTTLS', stageOver('starttls'));
mailSenderContract('SMTP over TLS', stageOver('implicit'));
mailSenderContract('SMTP in plain text', stageOver('none'));

const failureOf = (work: Promise<unknown>): Promise<Record<string, unknown>> =>
  work.then(
    () => ({ code: 'none' }),
    (error: unknown) => error as Record<string, unknown>,
  );

describe('a mail server', () => {
  let folder: string;
  let server: MailServer;
  const senders: MailSender[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'smtp-'));
    server = await new MailServer().start();
  });
  afterEach(async () => {
    await Promise.all(senders.splice(0).map((sender) => sender.close()));
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const senderTo = (url = server.urlFrom(folder), timeoutMillis = 10_000): MailSender => {
    const sender = openMailSender({ url, from, timeoutMillis });
    senders.push(sender);
    return sender;
  };
  it.each([
    ['the recipient', { recipients: { 'boss@a.example': '550 5.1.1 No such user here' } }, 'No such user here'],
    ['the text', { data: '554 5.7.1 Looks like spam' }, 'Looks like spam'],
  ])('that refuses %s for good says why, and takes the next', async (_, behaviour, reason) => {
    Object.assign(server.behaviour, behaviour);
    const sender = senderTo();
    const refused = await failureOf(sender.send(aMail()));
    expect(refused).toMatchObject({ code: 'mail_refused', reason: expect.stringMatching(/^55\d /) });
    expect(refused['reason']).toContain(reason);
    Object.assign(server.behaviour, { data: undefined });
    await sender.send(aMail({ id: 'event-2', to: 'clerk@a.example' }));
    expect(server.received).toHaveLength(1);
    await sender.check();
  });

  it.each([
    ['refuses the recipient for now', { recipients: { 'boss@a.example': '450 4.2.1 Try later' } }],
    ['refuses the text for now', { data: '451 4.3.0 Out of order' }],
    ['refuses the sender for good, which every mail would meet', { sender: '553 5.7.1 Not your address' }],
  ])('that %s is asked again', async (_, behaviour) => {
    Object.assign(server.behaviour, behaviour);
    const sender = senderTo();
    expect(await failureOf(sender.send(aMail()))).toMatchObject({ code: 'mail_not_sent' });
    Object.assign(server.behaviour, { recipients: {}, data: undefined, sender: undefined });
    await sender.send(aMail());
    expect(server.received).toHaveLength(1);
  });

  it('that knows no such login gets no mail, and the login is nowhere to be read', async () => {
    const failure = await failureOf(senderTo(server.urlFrom(folder, { ...login, pass: 'wrong-secret' })).send(aMail()));
    expect(failure['code']).toBe('mail_not_sent');
    const cause = failure['cause'] as Error & Record<string, unknown>;
    for (const text of [String(cause), cause.stack ?? '', JSON.stringify(cause)]) expect(text).not.toMatch(/wrong-secret|d3Jvbmctc2Vj/);
    expect(server.received).toEqual([]);
  });

  it('whose certificate nobody vouches for gets neither login nor mail', async () => {
    const url = server.urlFrom(folder).replace(/\?ca=.*/, '');
    expect(await failureOf(senderTo(url).send(aMail()))).toMatchObject({
      code: 'mail_not_sent',
      cause: { message: expect.stringContaining('self-signed certificate') },
    });
    expect(await failureOf(senderTo(url).check())).toMatchObject({ code: 'mail_not_sent' });
    // Of another name than the certificate's.
    expect(await failureOf(senderTo(server.urlFrom(folder).replace('localhost', '127.0.0.2')).send(aMail()))).toMatchObject({
      code: 'mail_not_sent',
    });
    expect(server.received).toEqual([]);
  });

  it('that offers no encryption, or from which somebody has taken it, gets neither login nor mail', async () => {
    const said: string[] = [];
    const plain = await listening((socket) => {
      socket.write('220 mail ESMTP\r\n');
      socket.on('data', (data) => {
        said.push(String(data));
        const isHello = String(data).startsWith('EHLO');
        socket.write(isHello ? '250-mail\r\n250 AUTH PLAIN LOGIN\r\n' : '502 5.5.1 No such command\r\n');
      });
    });
    const failure = await failureOf(senderTo(`smtp://u:secret-1@127.0.0.1:${plain.port}`).send(aMail()));
    await plain.stop();
    expect(failure['code']).toBe('mail_not_sent');
    expect(said.join('')).not.toMatch(/AUTH|MAIL|secret/);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    [
      'never comes to the end of what it says',
      (socket) => {
        const dripping = setInterval(() => socket.write('220-more\r\n'), 20);
        socket.on('close', () => clearInterval(dripping));
      },
    ],
  ])('that %s does not hold us', async (_, serve) => {
    const odd = await listening(serve);
    const failure = await failureOf(senderTo(`smtp://127.0.0.1:${odd.port}?tls=false`, 200).send(aMail()));
    await odd.stop();
    expect(failure).toMatchObject({ code: 'mail_not_sent' });
  });

  it('that does not say whether it has taken a mail is asked again, with the same mail', async () => {
    const gate = new EventEmitter();
    server.behaviour.pause = once(gate, 'open');
    const failed = await failureOf(senderTo(undefined, 1_500).send(aMail()));
    expect(failed).toMatchObject({ code: 'mail_not_sent' });
    gate.emit('open');
    await senderTo().send(aMail());
    expect(new Set(server.received.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('that is at it when we stop gets a moment, and is left then', async () => {
    const gate = new EventEmitter();
    server.behaviour.pause = once(gate, 'open');
    const sender = senderTo();
    const stopping = new AbortController();
    const sending = failureOf(sender.send(aMail(), stopping.signal));
    await sender.check();
    stopping.abort();
    expect(await sending).toMatchObject({ code: 'mail_not_sent' });
    gate.emit('open');
    delete server.behaviour.pause;
    await sender.send(aMail({ id: 'in time' }), stopping.signal);
    expect(server.received.map(({ messageId }) => messageId)).toHaveLength(2);
  });

  it('is reached once for many mails, and again after it has hung up', async () => {
    const sender = senderTo();
    await sender.check();
    for (const id of ['1', '2', '3']) await sender.send(aMail({ id }));
    expect(server.connections).toBe(1);
    server.hangUp();
    await sender.send(aMail({ id: '4' }));
    expect([server.connections, server.received.length]).toEqual([2, 4]);
    await Promise.all(['5', '6', '7', '8'].map((id) => sender.send(aMail({ id }))));
    expect(server.busiest).toBeLessThanOrEqual(5);
  });

  it('is not asked at every check', async () => {
    const sender = senderTo();
    await Promise.all(Array.from({ length: 10 }, () => sender.check()));
    expect(server.connections).toBe(1);
  });
});
