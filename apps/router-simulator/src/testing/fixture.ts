import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRouter, type RouterOptions, type RunningRouter } from '../fleet/running-router.js';
import { ApiClient } from './api-client.js';

type Reachable = Pick<RunningRouter, 'description'>;
type Account = Pick<RunningRouter['description'], 'username' | 'password'>;

/** Routers and sessions of one suite, on folders that go with it. */
export class Fixture {
  private readonly root = mkdtempSync(path.join(tmpdir(), 'router-simulator-'));
  private readonly routers = new Map<string, RunningRouter>();
  private readonly clients: ApiClient[] = [];
  private count = 0;

  folder(name = `folder-${++this.count}`): string {
    return path.join(this.root, name);
  }

  /** The same name is the same router, restarted. */
  async router(options: Partial<RouterOptions> = {}): Promise<RunningRouter> {
    const name = options.name ?? `router-${++this.count}`;
    await this.routers.get(name)?.stop();
    const router = await startRouter({ fsync: false, directory: this.folder(name), ...options, name });
    this.routers.set(name, router);
    return router;
  }

  async session({ description }: Reachable, as: Partial<Account> = {}): Promise<ApiClient> {
    return this.keep(await ApiClient.logIn({ ...description, ...as }));
  }

  async connection({ description }: Reachable): Promise<ApiClient> {
    return this.keep(await ApiClient.connect(description.port));
  }

  async end(): Promise<void> {
    for (const client of this.clients) client.close();
    await Promise.all([...this.routers.values()].map((router) => router.stop()));
    rmSync(this.root, { recursive: true, force: true });
  }

  private keep(client: ApiClient): ApiClient {
    this.clients.push(client);
    return client;
  }
}

/** Waits until `probe` gives something other than null, undefined or false. */
export const eventually = async <Result>(
  probe: () => Promise<Result | null | undefined | false> | Result | null | undefined | false,
  withinMillis = 5_000,
): Promise<Result> => {
  const deadline = performance.now() + withinMillis;
  for (;;) {
    const result = await probe();
    if (result !== null && result !== undefined && result !== false) return result;
    if (performance.now() > deadline) throw new Error('this never happened');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
