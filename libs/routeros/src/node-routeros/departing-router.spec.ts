import { describe, expect, it } from '@jest/globals';
import { RouterLost, RouterTimeout, RouterUnreachable } from '../router-session.js';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import { scriptedRouter, type Script } from '../testing/index.js';
import { PATIENCE, patient, scriptedSession } from '../testing/scripted-session.js';
import { connectRouter } from './connect-router.js';

/** How a router can leave. */
const departures: [string, Script][] = [
  ['a FIN', (client) => client.hangUp()],
  ['an RST', (client) => client.reset()],
  ['a !fatal', (client) => client.send(encodeSentence(['!fatal', 'session terminated on request']))],
];

describe('the containment holds although node-routeros by itself', () => {
  it.each(departures)('waits for ever when %s comes during a command', async (_, leave) => {
    await scriptedSession(
      async (client) => {
        await client.next();
        await leave(client);
      },
      async (session) => {
        await expect(session.command('/system/script/run', [], PATIENCE)).rejects.toThrow(RouterLost);
      },
    );
  });

  it('drops the reason that a router gives for leaving', async () => {
    await scriptedSession(
      async (client) => {
        await client.next();
        await client.send(encodeSentence(['!fatal', 'too', 'many commands']));
      },
      async (session) => {
        await expect(session.command('/print', [], PATIENCE)).rejects.toThrow(/too many commands/);
      },
    );
  });

  it.each(departures)('dies or forgets when %s comes between two commands', async (_, leave) => {
    await scriptedSession(
      async (client) => {
        await client.answer(['!done']);
        await leave(client);
      },
      async (session) => {
        await session.command('/first', [], PATIENCE);
        await expect(session.command('/second', [], PATIENCE)).rejects.toThrow(RouterLost);
      },
    );
  });

  it.each(departures)('never comes back when %s comes during the login', async (_, leave) => {
    await scriptedRouter(
      async (client) => {
        await client.next();
        await leave(client);
      },
      async (router) => {
        await expect(connectRouter(router.address(), patient)).rejects.toThrow(RouterUnreachable);
      },
    );
  });

  it.each(departures)('never comes back when %s comes before the login', async (_, leave) => {
    await scriptedRouter(leave, async (router) => {
      await expect(connectRouter(router.address(), patient)).rejects.toThrow(RouterUnreachable);
    });
  });

  it('leaves a number of a system error, without name and text', async () => {
    await scriptedSession(
      async (client) => {
        await client.next();
        client.reset();
      },
      async (session) => {
        await expect(session.command('/print', [], PATIENCE)).rejects.toThrow(/ECONNRESET/);
      },
    );
  });

  it('never finishes closing when the router keeps its half of the connection', async () => {
    await scriptedSession(
      async (client) => {
        client.stayHalfOpen();
        await client.untilGone();
      },
      async (session) => {
        await expect(session.close()).resolves.toBeUndefined();
      },
      { closeTimeoutMillis: 30 },
    );
  });

  it('never finishes waiting for a router that says nothing', async () => {
    await scriptedSession(
      (client) => client.untilGone(),
      async (session) => {
        await expect(session.command('/silent', [], 30)).rejects.toThrow(RouterTimeout);
      },
    );
  });
});
