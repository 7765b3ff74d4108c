import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';

/** See `tools/browser/index.d.mts`. */
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

export { faintTexts, overhang } from './readable-pages.js';

interface BrowserTools {
  readonly startBrowser: () => Promise<TestBrowser>;
  readonly describeWithBrowser: (name: string, suite: () => void) => void;
}

const tools = pathToFileURL(join(import.meta.dirname, '../../../../tools/browser/index.mjs'));

export const { startBrowser, describeWithBrowser } = (await import(tools.href)) as BrowserTools;
