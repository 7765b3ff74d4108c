import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { startRouter, type RouterOptions, type RunningRouter } from '@scheduled-scripts/router-simulator';
import { connectRouter, type RouterSession } from '@scheduled-scripts/routeros';

let nextPort = randomInt(15_000, 31_000);

/** Below those that outgoing connections get: a router that was down for a moment must find its port free. */
const stablePort = async (): Promise<number> => {
  const candidate = nextPort++;
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(candidate, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
  return isFree ? candidate : stablePort();
};

/** One that has been up for an hour. */
export const startLongUp = async (options: RouterOptions): Promise<RunningRouter> => {
  let aheadMillis = 0;
  const now = (): number => Math.floor(performance.timeOrigin + performance.now()) + aheadMillis;
  const router = await startRouter({ fsync: false, port: await stablePort(), now, ...options });
  aheadMillis = 3_600_000;
  return router;
};

/** How the user's script of an execution was started and ended, in the router's own journal. */
export const runsOf = (router: RunningRouter, executionId: string): readonly (string | null)[] => {
  const entries = router.journal();
  return entries.flatMap((start) => {
    if (start.kind !== 'script-started' || start.script !== `ax-${executionId}`) return [];
    const end = entries.find((entry) => entry.kind === 'script-ended' && entry.run === start.run);
    return [end?.kind === 'script-ended' ? end.outcome : null];
  });
};

/** What of ours lies on the router. */
export const leftOn = (router: RunningRouter): readonly string[] =>
  ['/system/script', '/system/scheduler', '/file'].flatMap((menu) =>
    router
      .rows(menu)
      .map(({ name = '' }) => name)
      .filter((name) => /^(flash\/)?ax-/.test(name)),
  );

/** Behind the executor's back. */
export const onRouter = async <T>({ description }: RunningRouter, work: (session: RouterSession) => Promise<T>): Promise<T> => {
  const { host, port, username, password } = description;
  const patience = { connectTimeoutMillis: 5_000, loginTimeoutMillis: 5_000 };
  const session = await connectRouter({ host, port, tls: { mode: 'none' }, username, password }, patience);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
};
