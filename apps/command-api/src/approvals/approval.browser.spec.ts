import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { timestampOfMillis } from '@scheduled-scripts/domain';
import { describeWithBrowser, faintTexts, overhang, startBrowser, type TestBrowser } from '@scheduled-scripts/platform/testing/browser';
import type { Page } from 'puppeteer-core';
import { recorded } from '../testing/approval-links.js';
import { startCommandApi, type TestApi } from '../testing/command-api.fixture.js';

const widths = { phone: { width: 360, height: 740 }, desk: { width: 1_280, height: 800 } };

const script = `# Drop what the blacklist names, before anything else
/ip firewall filter add action=drop chain=input src-address-list=blacklist comment="weekly" place-before=0
\t:put "${'without-an-end-'.repeat(20)}"
`;
const hostile = '"><img src=http://127.0.0.1:9/x onerror=alert(1)><script>document.title="run"</script>';

/** Tab by Tab, until what has the focus is of that kind. */
const tabTo = async (page: Page, tag: string): Promise<void> => {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement.localName')) === tag) return;
  }
  throw new Error(`no ${tag} can be reached by the keyboard`);
};

const titleOn = (page: Page): Promise<unknown> => page.evaluate('document.querySelector("h1").textContent');

describeWithBrowser('the page of an approval, in a browser', () => {
  let api: TestApi;
  let browser: TestBrowser;

  beforeAll(async () => {
    [api, browser] = await Promise.all([startCommandApi(), startBrowser()]);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await api?.stop();
  });

  const aLink = async (description = 'Weekly firewall rule update'): Promise<string> => {
    const sites = Array.from({ length: 312 }, (_, index) => api.sites[index] ?? `site_${String(index).padStart(20, '0')}`);
    const { link } = await recorded(api, { description, script, sites, launchAt: timestampOfMillis(Date.now() + 11_000_000) });
    return link;
  };
  const openLink = async (link: string, width: keyof typeof widths, { javaScript = false, dark = false } = {}) => {
    const watched = await browser.openPage();
    await watched.page.setJavaScriptEnabled(javaScript);
    await watched.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
    await watched.page.setViewport(widths[width]);
    await watched.page.goto(`${api.url}${link}`);
    return watched;
  };

  it.each<[keyof typeof widths, boolean]>([
    ['phone', false],
    ['phone', true],
    ['desk', false],
    ['desk', true],
  ])('fits the width of a %s, and can be read (dark: %s)', async (width, dark) => {
    const { page } = await openLink(await aLink(), width, { dark });
    expect(await page.evaluate(overhang)).toBe(0);
    expect(await page.evaluate(faintTexts)).toEqual([]);
    // What decides is in sight at once; the script is shown whole, line for line.
    expect(await page.evaluate('document.querySelector("button").getBoundingClientRect().bottom <= innerHeight')).toBe(true);
    expect(await page.evaluate('document.querySelector(".when").getBoundingClientRect().bottom <= innerHeight / 2')).toBe(true);
    expect(await page.evaluate('document.querySelector("pre").textContent')).toBe(script);
    expect(await page.evaluate('getComputedStyle(document.querySelector("pre")).fontFamily')).toContain('monospace');
    const [lang, title] = (await page.evaluate('[document.documentElement.lang, document.title]')) as string[];
    expect([lang, title]).toEqual(['en', 'Approve: Weekly firewall rule update']);
    await page.close();
  });

  it.each([false, true])('is used by the keyboard alone (JavaScript: %s)', async (javaScript) => {
    const { page, complaints } = await openLink(await aLink(), 'phone', { javaScript });
    await tabTo(page, 'summary');
    await page.keyboard.press('Enter');
    await page.waitForSelector('details[open]');
    expect(await page.evaluate(overhang)).toBe(0);
    await tabTo(page, 'button');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    expect(await titleOn(page)).toBe('Scheduled: Weekly firewall rule update');
    expect(await page.evaluate(overhang)).toBe(0);
    // Loaded again, the form is sent again: it says what is so.
    await page.reload();
    expect(await titleOn(page)).toBe('It is approved already');
    expect(complaints.filter((complaint) => !complaint.includes('410'))).toEqual([]);
    await page.close();
  });

  it('asks for nothing, runs nothing, and keeps its policy, whatever the script is called', async () => {
    const link = await aLink(hostile);
    const { page, requests, complaints } = await openLink(link, 'desk', { javaScript: true });
    expect(await titleOn(page)).toBe(hostile);
    expect(await page.title()).toBe(`Approve: ${hostile}`);
    expect(requests).toEqual([`${api.url}${link}`]);
    expect(complaints).toEqual([]);
    expect(await page.evaluate('getComputedStyle(document.querySelector("button")).backgroundColor')).toBe('rgb(17, 94, 69)');
    await page.close();
  });

  it('is a page, too, where the link is no good', async () => {
    for (const dark of [false, true]) {
      const { page } = await openLink('/authorize/forged', 'phone', { dark });
      expect(await titleOn(page)).toBe('This link leads nowhere');
      expect([await page.evaluate(overhang), await page.evaluate(faintTexts)]).toEqual([0, []]);
      await page.close();
    }
  });
});
