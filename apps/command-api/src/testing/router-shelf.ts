import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRouter, type RouterOptions, type RunningRouter } from '@scheduled-scripts/router-simulator';
import { connectRouter } from '@scheduled-scripts/routeros';

/** Simulated routers of one suite, on folders that go with it. */
export class RouterShelf {
  private readonly folder = mkdtempSync(join(tmpdir(), 'command-api-routers-'));
  private readonly routers: RunningRouter[] = [];
  private named = 0;

  async router(options: Partial<RouterOptions> = {}): Promise<RunningRouter> {
    this.named += 1;
    const name = `router-${this.named}`;
    const router = await startRouter({ name, directory: join(this.folder, name), fsync: false, ...options });
    this.routers.push(router);
    return router;
  }

  /** Sends commands as the router's own user. */
  async command({ description }: RunningRouter, ...commands: readonly (readonly [path: string, ...words: string[]])[]): Promise<void> {
    const { host, port, username, password } = description;
    const patience = { connectTimeoutMillis: 5_000, loginTimeoutMillis: 5_000 };
    const session = await connectRouter({ host, port, username, password, tls: { mode: 'none' } }, patience);
    for (const [path, ...words] of commands) await session.command(path, words, 5_000);
    await session.close();
  }

  async clear(): Promise<void> {
    await Promise.all(this.routers.map((router) => router.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
