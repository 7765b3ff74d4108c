import type { Browser, Page } from 'puppeteer-core';

export interface WatchedPage {
  readonly page: Page;
  /** The address of every request that the page has made, also of those that were refused. */
  readonly requests: readonly string[];
  /** Errors and warnings of the console (a breach of the content security policy is one), uncaught errors, failed requests. */
  readonly complaints: readonly string[];
}

export interface TestBrowser {
  readonly browser: Browser;
  openPage(): Promise<WatchedPage>;
  close(): Promise<void>;
}

/** A Chromium of this machine, and if there is none, why. */
export function findBrowser(
  environment?: Readonly<Record<string, string | undefined>>,
): { readonly available: true; readonly path: string } | { readonly available: false; readonly reason: string };

/** Headless, with an empty profile; the caller closes it. */
export function startBrowser(): Promise<TestBrowser>;

/** `describe` for suites that need a browser: where there is none they are skipped aloud, in CI they fail. */
export function describeWithBrowser(name: string, suite: () => void, state?: ReturnType<typeof findBrowser>, isCi?: boolean): void;
