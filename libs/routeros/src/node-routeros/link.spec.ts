import { describe, expect, it } from '@jest/globals';
import { RouterOSAPI } from 'node-routeros';
import { scriptedRouter } from '../testing/index.js';
import { PATIENCE } from '../testing/scripted-session.js';
import { containDriver } from './containment.js';
import { defaultLimits } from './driver-limits.js';
import { Link } from './link.js';

const late = () => new Error('late');

describe('a link', () => {
  it("has no idle timeout: node-routeros' would end a session that has nothing to say for ten seconds", async () => {
    containDriver();
    await scriptedRouter(
      (client) => client.letIn(),
      async ({ port }) => {
        const api = new RouterOSAPI({ host: '127.0.0.1', port, user: 'a', password: 'b' });
        const link = new Link(api, defaultLimits);
        await link.loggedIn(PATIENCE, late);
        const socket: { timeout?: number } = api['connector']['socket'];
        expect(socket.timeout).toBe(0);
        link.end(new Error('done'));
      },
    );
  });

  it('keeps its first cause and refuses everything afterwards', async () => {
    await scriptedRouter(
      (client) => client.letIn(),
      async ({ port }) => {
        const link = new Link(new RouterOSAPI({ host: '127.0.0.1', port, user: 'a', password: 'b' }), defaultLimits);
        const waiting = link.loggedIn(PATIENCE, late).catch((error: unknown) => error);
        const first = new Error('first');
        link.end(first);
        link.end(new Error('second'));
        expect(link.cause).toBe(first);
        await expect(waiting).resolves.toBe(first);
        await expect(link.exchange(['/print'], PATIENCE, late)).rejects.toBe(first);
        await expect(link.close()).resolves.toBeUndefined();
      },
    );
  });
});
