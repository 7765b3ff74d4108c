import { expect } from '@jest/globals';
import { siteCheckResource, type SiteCheckJson } from '@scheduled-scripts/contracts';
import type { RouterOptions, RunningRouter } from '@scheduled-scripts/router-simulator';
import { startCommandApi, type Answer, type CallOptions, type TestApi } from './command-api.fixture.js';
import { RouterShelf } from './router-shelf.js';

/** How long a check may take there. */
export const checkTimeoutMillis = 1_500;

/** What a check has found that got no session. */
export const nothing = { logged_in: false, identity: null, version: null, rights: null, clock: null };

/** A service, and routers that are registered with it. */
export class CheckStage {
  private constructor(
    readonly api: TestApi,
    readonly shelf: RouterShelf,
  ) {}

  static async set(): Promise<CheckStage> {
    const limits = { SITE_CHECK_TIMEOUT_MILLIS: String(checkTimeoutMillis), SITE_CHECKS_AT_ONCE: '2' };
    return new CheckStage(await startCommandApi({ ALLOW_LOOPBACK_SITES: 'true', ...limits }), new RouterShelf());
  }

  async strike(): Promise<void> {
    await this.api.stop();
    await this.shelf.clear();
  }

  async register({ description }: RunningRouter, over: Record<string, unknown> = {}): Promise<string> {
    const { name, host, port, username, password, serial } = description;
    const body = { name, host, port, username, password, serial, tls: 'none', ...over };
    const answer = await this.api.call('POST', '/sites', { body });
    if (answer.status !== 201) throw new Error(`not registered: ${answer.text}`);
    return String(answer.json['id']);
  }

  ask(id: string, options: CallOptions = {}): Promise<Answer> {
    return this.api.call('POST', `/sites/${id}/check`, options);
  }

  async check(id: string): Promise<SiteCheckJson> {
    const answer = await this.ask(id);
    expect(answer.status).toBe(200);
    return siteCheckResource.parse(answer.json);
  }

  /** Of a new router that is registered as it is, but for what is said. */
  async found(options: Partial<RouterOptions> = {}, over: Record<string, unknown> = {}): Promise<SiteCheckJson> {
    return this.check(await this.register(await this.shelf.router(options), over));
  }
}
