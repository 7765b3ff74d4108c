import { setTimeout as rest } from 'node:timers/promises';
import type { CreateScheduledScript, CreateSite, ScheduledScriptsApi } from '@scheduled-scripts/client';
import { clientsOf, type Clients } from '../../job/clients.js';
import { plantedPassword } from './body.arbitraries.js';
import type { FuzzedStack } from './fuzz-stack.js';
import type { Symbols } from './wire-text.js';

/** What the requests of a round are about. */
export interface Scene {
  readonly stack: FuzzedStack;
  readonly symbols: Symbols;
  /** What no answer may have in it. */
  readonly secrets: readonly string[];
}

const plan = (sites: readonly string[]): CreateScheduledScript => ({
  description: 'A subject',
  script: ':put 1',
  launch_at: '2090-01-01T00:00:00Z',
  sites: [...sites],
  notify: ['auth0|approver'],
  test_site_id: sites[0] ?? null,
});

const spare = (over: Pick<CreateSite, 'name' | 'host' | 'port'>): CreateSite => ({
  tls: 'none',
  username: 'u',
  password: plantedPassword,
  ...over,
});

const create = async (by: ScheduledScriptsApi, body: CreateScheduledScript): Promise<string> =>
  (await by.createScheduledScript({ body })).data.id;

/** A connection that has been idle for a whole round may be closed just when it is used again. */
const unkept: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('Connection', 'close');
  return fetch(input, { ...init, headers });
};

/** What requests of the next round may be about: the ones before may have changed or removed whatever there was. */
export class SceneMaker {
  private readonly clients: Clients;
  private lasting: Record<string, string> = {};

  constructor(private readonly stack: FuzzedStack) {
    this.clients = clientsOf(stack.connection, { fetch: unkept, patienceMillis: 0 });
  }

  /** Once: a script that has been launched, things of another organization, and sites that stay. */
  async prepare(): Promise<void> {
    const { author, approver, viewer, otherOrganization } = this.clients;
    const { sites } = this.stack;
    // Nobody is told of it: while it is pending its sites cannot be removed.
    await create(author, plan(sites));
    const { data: foreignSite } = await otherOrganization.createSite({ body: spare({ name: 'Of others', host: '192.0.2.1' }) });
    const foreign = await create(otherOrganization, plan([foreignSite.id]));
    const launched = await create(author, { ...plan(sites), make_backup: true });
    await approver.authorizeScheduledScript({ id: launched });
    await approver.launchScheduledScript({ id: launched });
    for (const deadline = Date.now() + 60_000; ; await rest(100)) {
      const { data: script } = await viewer.getScheduledScript({ id: launched, minVersion: 3 });
      if (script.progress.pending.length === 0) break;
      if (Date.now() > deadline) throw new Error('the first rollout does not end');
    }
    const [execution] = (await viewer.listExecutions({ id: launched })).data;
    this.lasting = {
      'script.launched': launched,
      'script.foreign': foreign,
      'site.foreign': foreignSite.id,
      execution: execution?.id ?? '',
      nobody: '018f5bda-4690-7432-8472-358b2734f19b',
      ...Object.fromEntries(this.stack.sites.map((id, index) => [`site.${index + 1}`, id])),
      ...Object.fromEntries(Object.entries(this.stack.connection.tokens).map(([name, token]) => [`token.${name}`, token])),
    };
  }

  /** That they can be made is the sign that everything still serves. */
  async next(): Promise<Scene> {
    const { stack } = this;
    const { author, approver, viewer } = this.clients;
    const make = (): Promise<string> => create(author, plan(stack.sites.slice(0, 1)));
    const [unauthorized, scheduled, cancelled] = await Promise.all([make(), make(), make()]);
    const { data: site } = await author.createSite({ body: spare({ name: 'Spare', host: '127.0.0.1', port: 9 }) });
    await approver.authorizeScheduledScript({ id: scheduled });
    await author.cancelScheduledScript({ id: cancelled });
    await viewer.getScheduledScript({ id: cancelled, minVersion: 2 });
    const { next } = await viewer.listScheduledScripts({ limit: 1 });
    const cursor = /cursor=([\w-]+)/.exec(next ?? '')?.[1] ?? '';
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
    return { stack, symbols, secrets: [...stack.secrets, plantedPassword, ...Object.values(stack.connection.tokens)] };
  }
}
