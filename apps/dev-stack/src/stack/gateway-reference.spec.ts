import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemCodes } from '@scheduled-scripts/contracts';
import { openApiDocument, operationsOf } from '@scheduled-scripts/contracts/openapi';
import { describeWithBrowser, faintTexts, overhang, startBrowser, type TestBrowser } from '@scheduled-scripts/platform/testing/browser';
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
    for (const path of ['/docs', '/docs/errors']) {
      const head = await fetch(`${gateway.url}${path}`, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      const again = await fetch(`${gateway.url}${path}`, { headers: { 'If-None-Match': head.headers.get('etag') ?? '' } });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
  });

  it('explains where its own errors lead every code there is', async () => {
    const { doc_url: docUrl } = (await (await fetch(`${gateway.url}/sites`)).json()) as { readonly doc_url: string };
    expect(docUrl).toBe(`${gateway.url}/docs/errors#dependency_unavailable`);
    const page = await (await fetch(docUrl)).text();
    expect(problemCodes.filter((code) => !page.includes(`<section class="card" id="${code}"`))).toEqual([]);
  });

  it('leads elsewhere if it is told so', async () => {
    const told = await startGateway(0, { commandApi: nobody, queryApi: nobody }, { DOC_URL_BASE: 'https://scripts.example/docs/errors' });
    expect(await (await fetch(`${told.url}/sites`)).json()).toMatchObject({
      doc_url: 'https://scripts.example/docs/errors#dependency_unavailable',
    });
    await told.stop();
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

  it.each([
    [360, 'light'],
    [360, 'dark'],
    [1_280, 'light'],
    [1_280, 'dark'],
  ])('jumps to what an error means, readable at %i pixels in the %s', async (width, scheme) => {
    const { doc_url: docUrl } = (await (await fetch(`${gateway.url}/sites`)).json()) as { readonly doc_url: string };
    const { page, requests, complaints } = await browser.openPage();
    await page.setJavaScriptEnabled(false);
    await page.setViewport({ width, height: 740 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(docUrl);
    const section = 'document.querySelector(":target")';
    expect(await page.evaluate(`${section}.id`)).toBe('dependency_unavailable');
    expect(await page.evaluate(`${section}.textContent`)).toContain('Retry-After');
    expect(
      await page.evaluate(`${section}.getBoundingClientRect().top >= 0 && ${section}.getBoundingClientRect().bottom <= innerHeight`),
    ).toBe(true);
    expect([await page.evaluate(overhang), await page.evaluate(faintTexts)]).toEqual([0, []]);
    await page.click('a[href="#launch_at_in_past"]');
    expect(await page.evaluate(`${section}.id`)).toBe('launch_at_in_past');
    expect([requests, complaints]).toEqual([[docUrl], []]);
    await page.close();
  });

  it('prints the errors on white, none of them over two sheets', async () => {
    const { page } = await browser.openPage();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await page.emulateMediaType('print');
    await page.goto(`${gateway.url}/docs/errors#unknown_site`);
    const shown = 'getComputedStyle(document.querySelector(":target"))';
    expect(await page.evaluate(`[getComputedStyle(document.body).color, ${shown}.backgroundColor, ${shown}.breakInside]`)).toEqual([
      'rgb(27, 30, 34)',
      'rgba(0, 0, 0, 0)',
      'avoid',
    ]);
    await page.close();
  });
});
