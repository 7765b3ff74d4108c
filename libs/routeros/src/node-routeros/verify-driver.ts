import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { RouterLost, RouterRefused, type Reply } from '../router-session.js';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import { SentenceParser } from '../sentence/sentence.parser.js';
import { createConnectRouter } from './connect-router.js';
import { containDriver, DriverNotContained, ignore, isContained } from './containment.js';
import { defaultLimits } from './driver-limits.js';

const TEXT = 'žalias – 測試\r\n=a=b';

const say = (...sentence: string[]): Buffer => encodeSentence(sentence);

/** What a router may answer and node-routeros by itself does not survive. `null`: hangs up. */
function answerTo(path: string | undefined, words: readonly string[], tag: string): Buffer | null {
  switch (path) {
    case '/login':
      return say('!done', tag);
    case '/echo':
      return Buffer.concat([
        say('!empty', tag),
        say('!re', '.tag=late', '=late=yes'),
        say('!re', tag, ...words),
        say('!done', tag, '=ret=*1'),
      ]);
    case '/refuse':
      return Buffer.concat([say('!trap', tag, '=category=2', '=message=one'), say('!trap', tag, '=message=two'), say('!done', tag)]);
    default:
      return null;
  }
}

/** Every byte in a segment of its own. */
async function drip(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    socket.write(Buffer.from([byte]));
    await setImmediate();
  }
}

function serve(socket: Socket): void {
  const parser = new SentenceParser(defaultLimits);
  socket.on('error', ignore);
  socket.setNoDelay(true);
  socket.on('data', (bytes) => {
    try {
      for (const [path, ...words] of parser.push(bytes)) {
        const tag = words.pop() ?? '';
        const answer = answerTo(path, words, tag);
        if (!answer) socket.end();
        else void drip(socket, answer);
      }
    } catch {
      // Another process of this machine may have found the port.
      socket.destroy();
    }
  });
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the self-test found ${what} broken`);
}

async function converse(server: Server, patienceMillis: number): Promise<void> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the self-test has no port');
  const connect = createConnectRouter();
  const session = await connect(
    { host: '127.0.0.1', port: address.port, tls: { mode: 'none' }, username: 'self-test', password: 'self-test' },
    { connectTimeoutMillis: patienceMillis, loginTimeoutMillis: patienceMillis },
  );
  try {
    const ask = (path: string, ...words: string[]): Promise<Reply | Error> =>
      session.command(path, words, patienceMillis).catch((error: Error) => error);
    const echo = await ask('/echo', `=text=${TEXT}`);
    expect('rows' in echo && echo.rows.length === 1 && echo.rows[0]?.text === TEXT && echo.ret === '*1', 'reading a reply');
    const refusal = await ask('/refuse');
    expect(refusal instanceof RouterRefused && refusal.message === 'one; two' && refusal.category === 2, 'reading a refusal');
    expect((await ask('/leave')) instanceof RouterLost, 'noticing the end of a connection');
  } finally {
    await session.close();
  }
}

/**
 * To be awaited before a service takes work: the expected release of node-routeros is installed and its containment holds, shown
 * in a short conversation over the loopback interface. Throws `DriverNotContained`.
 */
export async function verifyDriver(patienceMillis = 10_000): Promise<void> {
  containDriver();
  if (!isContained()) throw new DriverNotContained('the containment of node-routeros has been undone');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    await converse(server, patienceMillis);
  } catch (cause) {
    throw new DriverNotContained('node-routeros does not behave as contained', { cause });
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}
