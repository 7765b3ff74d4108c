import { afterEach, describe, expect, it } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { createClient, type ClientOptions } from './index.js';
import { busy, json, serve, type Reply, type ScriptedServer } from './testing/scripted-server.js';

const opened: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
});

const head = { 'Content-Type': 'text/event-stream' };
const event = (name: string, id: string, data: unknown): string => `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/** Says this, byte by byte where asked for, and ends. */
const saying =
  (text: string, inPieces = false): Reply =>
  (_request, response) => {
    response.writeHead(200, head);
    for (const piece of inPieces ? Buffer.from(text) : [Buffer.from(text)]) {
      response.write(typeof piece === 'number' ? Buffer.from([piece]) : piece);
    }
    response.end();
  };
const silent: Reply = (_request, response) => void response.writeHead(200, head).write(': \n\n');
const quickly = 'retry: 1\n\n';

const against = async (replies: readonly [Reply, ...Reply[]], options: Partial<ClientOptions> = {}) => {
  const server = await serve(...replies);
  opened.push(server);
  return { server, api: createClient({ baseUrl: server.url, ...options }) };
};

const take = async (events: AsyncIterable<unknown>, count: number): Promise<unknown[]> => {
  const taken: unknown[] = [];
  for await (const one of events) if (taken.push(one) === count) break;
  return taken;
};

describe('a stream of events', () => {
  it('gives each with its kind, whatever the pieces it comes in', async () => {
    const text = `: hello\n\n${event('script', 'a', { description: 'Grüße 🚀' })}${event('execution', 'b', { state: 'running' })}`;
    const { server, api } = await against([saying(text, true)]);
    expect(await take(api.watchScheduledScript({ id: 'i' }), 2)).toEqual([
      { event: 'script', id: 'a', data: { description: 'Grüße 🚀' } },
      { event: 'execution', id: 'b', data: { state: 'running' } },
    ]);
    expect(server.received[0]).toMatchObject({
      url: '/scripts/scheduled/i/events',
      headers: { accept: 'text/event-stream, application/json' },
    });
  });

  it('goes on behind the last event after a break, a refusal that passes, and a silence', async () => {
    const replies = [saying(quickly + event('script', 'a', 1)), busy(), saying(quickly), silent, saying(event('script', 'b', 2))] as const;
    const { server, api } = await against(replies, { silenceMillis: 100 });
    expect(await take(api.watchScheduledScript({ id: 'i' }), 2)).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    expect(server.received.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'a', 'a', 'a', 'a']);
  });

  it('begins where its caller says', async () => {
    const { server, api } = await against([saying(event('script', 'b', 2))]);
    await take(api.watchScheduledScript({ id: 'i', lastEventId: 'a' }), 1);
    expect(server.received[0]?.headers['last-event-id']).toBe('a');
  });

  it('ends with what no further attempt would change', async () => {
    const gone = json(404, { type: 'not_found_error', code: 'script_not_found', message: 'Gone.' });
    const { api } = await against([saying(quickly + event('script', 'a', 1)), gone]);
    await expect(take(api.watchScheduledScript({ id: 'i' }), 2)).rejects.toMatchObject({ status: 404, code: 'script_not_found' });
  });

  it('is given up when nothing was heard for longer than the patience', async () => {
    const { api } = await against([busy()], { patienceMillis: 0 });
    await expect(take(api.watchScheduledScript({ id: 'i' }), 1)).rejects.toMatchObject({ status: 503 });
  });

  it('ends when its caller says so', async () => {
    const { api } = await against([silent]);
    const abort = new AbortController();
    const taking = take(api.watchScheduledScript({ id: 'i' }, { signal: abort.signal }), 1);
    abort.abort(new Error('enough'));
    await expect(taking).rejects.toThrow('enough');
  });

  it('closes its connection when nobody takes any more', async () => {
    const ends = new EventEmitter();
    const closing = once(ends, 'closed');
    const lasting: Reply = (_request, response) => {
      response.writeHead(200, head).write(event('script', 'a', 1));
      response.on('close', () => ends.emit('closed'));
    };
    const { api } = await against([lasting]);
    expect(await take(api.watchScheduledScript({ id: 'i' }), 1)).toHaveLength(1);
    await closing;
  });
});
