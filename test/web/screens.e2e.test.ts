// Every screen of the page in a real Chromium, in both themes: nobody is kept out, nothing is wider than the
// picture, nothing is said to the console.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeSource, type OpenBrowser, openBrowser } from '../support/chromium.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { tour } from '../support/tour.ts';

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
        page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
        page.on('pageerror', (error) => said.push(String(error)));
      },
      async visit(screen, page) {
        seen.push(screen);
        problems.push(...(await violationsOn(page)).map((problem) => `${screen}: ${problem}`));
        for (const width of widths) {
          await page.setViewportSize({ width, height: 720 });
          if ((await sidewaysOn(page)) > 0) problems.push(`${screen}: wider than ${width}`);
        }
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
  await page.getByLabel('Sprache').selectOption('en');
  await page.getByRole('heading', { name: 'Fact or Fake' }).waitFor();
  await context.close();
});

test('a page may run no script and no style that is not the server’s', async () => {
  const reply = await fetch(arena.http);
  const policy = reply.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self'");
  expect(policy).not.toContain('unsafe');
});
