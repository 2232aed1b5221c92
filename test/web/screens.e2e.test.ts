// Every screen of the page in a real Chromium, in both themes: nobody is kept out, nothing is wider than the
// picture, nothing is said to the console.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeSource, type OpenBrowser, openBrowser } from '../support/chromium.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { button, tour } from '../support/tour.ts';

let chromium: OpenBrowser;
let arena: Serving;
let axe: string;

beforeAll(async () => {
  axe = await axeSource();
  arena = await startServing({ LEAD_MS: '3000', INTERMISSION_MS: '60000' });
  chromium = await openBrowser();
});
afterAll(async () => {
  await chromium.close();
  await arena.stop();
});

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Run inside the page by the debugger, so the page's own policy stays as it is. */
async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate('axe.run().then((r) => r.violations)')) as Violation[];
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

const sidewaysOn = (page: Page) =>
  page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  ) as Promise<number>;

const widths = [320, 1280, 3840] as const;
// Nobody scrolls what hangs on the wall.
const pictures = [
  [1_280, 800],
  [1_920, 1_080],
  [3_840, 2_160],
] as const;

// In the page: puts the longest texts that can come in the place of those that came.
const asLongAsCanBe = `(() => {
  const long = (letters) => 'The longest '.repeat(letters).slice(0, letters);
  const put = (what, letters) => {
    for (const text of document.querySelectorAll(what)) text.textContent = long(letters);
  };
  for (const sized of document.querySelectorAll('.asked h1, .outcome-and-board')) sized.classList.value += ' longest';
  put('.asked h1', 200), put('.claim', 200), put('.explanation', 400), put('.board bdi', 20);
})()`;

/** What of a big screen is beyond the picture, or too small for the last row. */
async function unreadableOn(page: Page): Promise<string[]> {
  const problems = await unreadableAsItIs(page);
  await page.evaluate(asLongAsCanBe);
  return [...problems, ...(await unreadableAsItIs(page, 0.05)).map((problem) => `at its longest ${problem}`)];
}

async function unreadableAsItIs(page: Page, claimShare = 0.055): Promise<string[]> {
  const problems: string[] = [];
  for (const [width, height] of pictures) {
    await page.setViewportSize({ width, height });
    const below = Number(await page.evaluate('document.documentElement.scrollHeight')) - height;
    if (below > 0) problems.push(`${below} below the picture of ${width}`);
    const box = async (what: string) => (await page.locator(what).boundingBox()) ?? { y: 0, height: 0 };
    if ((await page.locator('.asked').count()) === 0) continue;
    const [clock, bar] = [await box('.clock'), await box('.answered')];
    if (clock.height < height / 5) problems.push(`a small clock on ${width}`);
    if (bar.y + bar.height < 0.9 * height) problems.push(`an empty lower edge on ${width}`);
    const letters = await page.evaluate(
      "parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)",
    );
    if (Number(letters) < claimShare * height) problems.push(`a small claim on ${width}`);
  }
  return problems;
}

describe.each(['dark', 'light'] as const)('every screen in %s colours', (colorScheme) => {
  test('can be used by everybody, fits, and is quiet', async () => {
    const seen: string[] = [];
    const said: string[] = [];
    const problems: string[] = [];
    await tour({
      browser: chromium.browser,
      arena,
      crowd: 12,
      context: { colorScheme },
      onPage(page) {
        page.on('console', (message) => {
          // The browser itself tells of the room that is not there.
          if (message.type() === 'error' && !message.location().url.endsWith('/api/rooms/ZZZZZZ'))
            said.push(message.text());
        });
        page.on('pageerror', (error) => said.push(String(error)));
      },
      async visit(screen, page) {
        seen.push(screen);
        problems.push(...(await violationsOn(page)).map((problem) => `${screen}: ${problem}`));
        for (const width of widths) {
          await page.setViewportSize({ width, height: 720 });
          if ((await sidewaysOn(page)) > 0) problems.push(`${screen}: wider than ${width}`);
        }
        if (screen.startsWith('screen-'))
          problems.push(...(await unreadableOn(page)).map((problem) => `${screen}: ${problem}`));
      },
    });
    expect(problems).toEqual([]);
    expect(seen.length).toBeGreaterThanOrEqual(20);
    expect(said).toEqual([]);
  }, 120_000);
});

test('a screen in German has no word left in English', async () => {
  const context = await chromium.browser.newContext({ locale: 'de-DE' });
  const page = await context.newPage();
  await page.goto(arena.http);
  await page.getByRole('heading', { name: 'Fakt oder Fake' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  // Topics, too; one of ours may be typed as it is called here, and another stays as it was typed.
  await button(page, 'Ein Spiel leiten').click();
  await page.getByLabel('Physik', { exact: true }).waitFor();
  const typed = page.getByLabel('Ein anderes Thema');
  await typed.fill('weltraum');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByLabel('Weltraum', { exact: true }).isChecked()).toBe(true);
  await typed.fill('constructor');
  await page.keyboard.press('Enter');
  await page.getByText('Die Behauptungen kommen aus allen Themen').waitFor();
  expect(await typed.inputValue()).toBe('constructor');
  // Claims are English all the same, and are read out as such.
  await page.goto(arena.http);
  await button(page, 'Jetzt spielen').click();
  await page.locator('.question h1[lang=en]').waitFor();
  await button(page, 'Lösung zeigen').click();
  for (const text of ['.claim', '.explanation', 'a'])
    await page.locator(`.reveal ${text}[lang=en]`).waitFor();
  await page.goto(arena.http);
  await page.getByLabel('Sprache').selectOption('en');
  await page.getByRole('heading', { name: 'Fact or Fake' }).waitFor();
  await context.close();
});

test('an address that lost its code, or has a slash too many, leads to the page all the same', async () => {
  for (const path of ['/j', '/j/', '/j/ZZZZZZ/', '/boards/']) {
    const reply = await fetch(arena.http + path);
    expect([reply.status, reply.headers.get('content-type')], path).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  }
  expect((await fetch(`${arena.http}/nowhere`)).status).toBe(404);
});

test('a page may run no script and no style that is not the server’s', async () => {
  const reply = await fetch(arena.http);
  const policy = reply.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toContain('unsafe');
});
