import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describeWithBrowser, findBrowser, startBrowser } from './index.mjs';

jest.setTimeout(120_000);

describe('looking for a browser', () => {
  it('takes what CHROME_PATH names, and nothing else where that is no program', () => {
    expect(findBrowser({ CHROME_PATH: process.execPath, PATH: '' })).toEqual({ available: true, path: process.execPath });
    expect(findBrowser({ CHROME_PATH: '/no/such/browser', PATH: process.env.PATH })).toEqual({
      available: false,
      reason: 'CHROME_PATH: no program /no/such/browser',
    });
  });

  it('says so where there is none', () => {
    expect(findBrowser({ PATH: '/no/such/folder' })).toMatchObject({ available: false, reason: expect.stringContaining('CHROME_PATH') });
  });
});

describeWithBrowser('a page in a real browser', () => {
  let browser;
  let server;
  let origin;

  beforeAll(async () => {
    server = createServer((request, response) => {
      response.setHeader('content-type', 'text/html');
      if (request.url === '/strict') response.setHeader('content-security-policy', "default-src 'none'");
      response.end('<!doctype html><title>Page</title><link rel="icon" href="data:,"><script>document.title = "Ran"</script>');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${server.address().port}`;
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('runs, and tells what it asked for', async () => {
    const { page, requests, complaints } = await browser.openPage();
    await page.goto(`${origin}/`);
    expect(await page.title()).toBe('Ran');
    expect(requests).toContain(`${origin}/`);
    expect(complaints).toEqual([]);
  });

  it('complains where the content security policy is broken', async () => {
    const { page, complaints } = await browser.openPage();
    await page.goto(`${origin}/strict`);
    expect(await page.title()).toBe('Page');
    expect(complaints.join('\n')).toMatch(/Content Security Policy/);
  });
});
