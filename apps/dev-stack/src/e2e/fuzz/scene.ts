import { createApi } from '../../job/api.js';
import type { Scene } from './converse.js';
import type { FuzzedStack } from './fuzz-stack.js';
import { setTimeout as rest } from 'node:timers/promises';

interface Made {
  readonly id: string;
}

const plan = (sites: readonly string[]) => ({
  description: 'A subject',
  script: ':put 1',
  launch_at: '2090-01-01T00:00:00Z',
  sites,
  notify: ['auth0|approver'],
  test_site_id: sites[0],
});

/** What requests of the next round may be about: the ones before may have changed or removed whatever there was. */
export class SceneMaker {
  private readonly send;
  private lasting: Record<string, string> = {};

  constructor(private readonly stack: FuzzedStack) {
    const api = createApi(stack.connection.baseUrl);
    // A connection that has been idle for a whole round may be closed just when it is used again.
    this.send = (method: string, path: string, token: string, body?: unknown, headers = {}): Promise<unknown> =>
      api.send(method, path, token, body, { ...headers, connection: 'close' });
  }

  /** Once: a script that has been launched, things of another organization, and sites that stay. */
  async prepare(): Promise<void> {
    const { author, approver, viewer, otherOrganization } = this.stack.connection.tokens;
    const { send } = this;
    const spare = { name: 'Of others', host: '192.0.2.1', tls: 'none', username: 'u', password: 'planted-password-7c1f' };
    // Nobody is told of it: while it is pending its sites cannot be removed.
    await send('POST', '/scripts/scheduled', author, plan(this.stack.sites));
    const foreignSite = (await send('POST', '/sites', otherOrganization, spare)) as Made;
    const foreign = (await send('POST', '/scripts/scheduled', otherOrganization, plan([foreignSite.id]))) as Made;
    const launched = (await send('POST', '/scripts/scheduled', author, { ...plan(this.stack.sites), make_backup: true })) as Made;
    await send('POST', `/scripts/scheduled/${launched.id}/authorize`, approver);
    await send('POST', `/scripts/scheduled/${launched.id}/launch`, approver);
    const path = `/scripts/scheduled/${launched.id}`;
    for (const deadline = Date.now() + 60_000; ; await rest(100)) {
      const { progress } = (await send('GET', path, viewer, undefined, { 'min-version': '3' })) as { progress: { pending: unknown[] } };
      if (progress.pending.length === 0) break;
      if (Date.now() > deadline) throw new Error('the first rollout does not end');
    }
    const [execution] = (await send('GET', `${path}/executions`, viewer)) as Made[];
    this.lasting = {
      'script.launched': launched.id,
      'script.foreign': foreign.id,
      'site.foreign': foreignSite.id,
      execution: execution?.id ?? '',
      nobody: '018f5bda-4690-7432-8472-358b2734f19b',
      ...Object.fromEntries(this.stack.sites.map((id, index) => [`site.${index + 1}`, id])),
      ...Object.fromEntries(Object.entries(this.stack.connection.tokens).map(([name, token]) => [`token.${name}`, token])),
    };
  }

  /** That they can be made is the sign that everything still serves. */
  async next(): Promise<Scene> {
    const { author, approver, viewer } = this.stack.connection.tokens;
    const { send, stack } = this;
    const spare = { name: 'Spare', host: '127.0.0.1', port: 9, tls: 'none', username: 'u', password: 'planted-password-7c1f' };
    const make = async (): Promise<string> =>
      ((await send('POST', '/scripts/scheduled', author, plan(stack.sites.slice(0, 1)))) as Made).id;
    const [unauthorized, scheduled, cancelled] = await Promise.all([make(), make(), make()]);
    const site = (await send('POST', '/sites', author, spare)) as Made;
    await send('POST', `/scripts/scheduled/${scheduled}/authorize`, approver);
    await send('DELETE', `/scripts/scheduled/${cancelled}`, author);
    await send('GET', `/scripts/scheduled/${cancelled}`, viewer, undefined, { 'min-version': '2' });
    const page = await fetch(`${stack.connection.baseUrl}/scripts/scheduled?limit=1`, {
      headers: { authorization: `Bearer ${viewer}`, connection: 'close' },
    });
    await page.arrayBuffer();
    const cursor = /cursor=([\w-]+)/.exec(page.headers.get('link') ?? '')?.[1] ?? '';
    const symbols = {
      ...this.lasting,
      'script.unauthorized': unauthorized,
      'script.scheduled': scheduled,
      'script.cancelled': cancelled,
      'site.spare': site.id,
      'upper.script': unauthorized.toUpperCase(),
      'upper.site': site.id.toUpperCase(),
      cursor,
      'cursor.cut': cursor.slice(0, -3),
    };
    return { stack, symbols, secrets: [...stack.secrets, 'planted-password-7c1f', ...Object.values(stack.connection.tokens)] };
  }
}
