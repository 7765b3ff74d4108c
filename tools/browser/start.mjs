// A real browser for suites: headless, with a profile of its own that ends with it.
import { launch } from 'puppeteer-core';
import { findBrowser } from './find.mjs';

const flags = ['--disable-background-networking', '--disable-component-update', '--no-first-run', '--disable-dev-shm-usage'];

/** Chromium's sandbox refuses to run for root; what suites look at is ours. */
const sandbox = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

export const startBrowser = async () => {
  const found = findBrowser();
  if (!found.available) throw new Error(`a browser cannot be started: ${found.reason}`);
  const browser = await launch({ executablePath: found.path, headless: true, args: [...flags, ...sandbox()], timeout: 60_000 });
  return {
    browser,
    openPage: () => openPage(browser),
    close: () => browser.close(),
  };
};

const openPage = async (browser) => {
  const page = await browser.newPage();
  const requests = [];
  const complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, requests, complaints };
};
