import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDocument, operationsOf } from '@scheduled-scripts/contracts/openapi';
import { describeWithBrowser, startBrowser, type TestBrowser } from '@scheduled-scripts/platform/testing/browser';
import { startGateway, type Gateway } from './gateway.js';

const nobody = (): string => 'http://127.0.0.1:9';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(0, { commandApi: nobody, queryApi: nobody });
});
afterAll(() => gateway.stop());

describe('the gateway', () => {
  it('answers for both APIs by itself', async () => {
    const answer = await fetch(`${gateway.url}/openapi.json`);
    expect(answer.headers.get('request-id')).toEqual(expect.any(String));
    expect(await answer.json()).toEqual(openApiDocument('gateway'));
    const head = await fetch(`${gateway.url}/docs`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describeWithBrowser('the reference of both APIs in a browser', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  it('lists every operation, shows what it is asked about, and asks no other host', async () => {
    const { page, requests, complaints } = await browser.openPage();
    await page.goto(`${gateway.url}/docs`);
    await page.waitForSelector('.opblock', { timeout: 20_000 });
    const listed = 'Array.from(document.querySelectorAll(".opblock"), ({ id }) => id.split("-").at(-1))';
    expect(await page.evaluate(listed)).toEqual(expect.arrayContaining(operationsOf('gateway').map(({ id }) => id)));
    for (const id of ['Scheduled_scripts-createScheduledScript', 'Scheduled_scripts-watchScheduledScript', 'Sites-checkSite']) {
      await page.click(`#operations-${id} .opblock-summary-control`);
      await page.waitForSelector(`#operations-${id} .responses-table`, { timeout: 20_000 });
    }
    expect(await page.evaluate('document.querySelectorAll(".try-out__btn").length')).toBe(0);
    expect(requests.filter((url) => !url.startsWith(`${gateway.url}/`) && !url.startsWith('data:'))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
