// People at the page: a whole game by two players and a host, by keyboard alone, through reloads and lost
// lines.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeRound, goOnAfter } from '../support/as-host.ts';
import { openAnswers, scoreIn } from '../support/at-the-page.ts';
import { openPages, type Pages } from '../support/pages.ts';
import { button } from '../support/tour.ts';

let pages: Pages;

beforeAll(async () => {
  pages = await openPages();
});
afterAll(() => pages.close());
beforeEach(() => pages.clear());

/** Notes in the page whether the field for the name has the focus in the moment it is there. */
const watchFocus = `new MutationObserver((_, observer) => {
  const field = document.querySelector('[name=name]');
  if (field === null) return;
  window.focusedAtOnce = document.activeElement === field;
  observer.disconnect();
}).observe(document, { childList: true, subtree: true })`;

describe('a game through the pages', () => {
  test('two players and a host, from the first page to the podium', async () => {
    const host = await pages.open('/');
    await button(host, 'Host a game').click();
    await host.waitForURL('**/host/*');
    const room = host.url().split('/').at(-1) ?? '';
    await host.getByLabel('Rounds').selectOption('5');
    await host.getByText('Myths').click();
    await host.getByLabel('Go on by itself').uncheck();
    const [ada, bo] = [await pages.join(room, 'Ada'), await pages.join(room, 'Bo')];
    await host.getByText('2 players').first().waitFor();
    await button(host, 'Start the game').click();
    for (let round = 1; round <= 5; round++) {
      for (const page of [ada, bo]) await page.getByText(`Round ${round} of 5`).waitFor();
      await openAnswers(ada);
      await button(ada, 'FACT').click();
      await button(bo, 'FAKE').click();
      for (const page of [ada, bo, host]) await page.locator('.reveal').waitFor();
      expect(await ada.locator('.reveal a').getAttribute('href')).toMatch(/^https?:/);
      await button(host, round < 5 ? 'Next question' : 'Show the winners').click();
    }
    for (const page of [ada, bo, host]) await page.locator('.podium').waitFor();
    const [a, b] = [await scoreIn(ada), await scoreIn(bo)];
    expect(a + b).toBeGreaterThanOrEqual(5 * 500);
    await ada.getByRole('link', { name: 'All questions of this game' }).click();
    await expect.poll(() => ada.locator('.card.reveal').count()).toBe(5);
  });

  test('alone, with one click', async () => {
    const page = await pages.open('/');
    await button(page, 'Play now').click();
    await page.getByText('Round 1 of 5').waitFor();
    await openAnswers(page);
    await button(page, 'FAKE').click();
    await page.getByText('Round 2 of 5').waitFor();
  });

  test('by keyboard alone', async () => {
    const { room, start } = await pages.aRoom({ rounds: 1, seconds: 10, autoAdvance: false });
    const page = await pages.open('/');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.getByLabel('Room code').waitFor();
    // The first thing that the key comes to.
    await press('Tab');
    await page.keyboard.type(room);
    await page.evaluate(watchFocus);
    await press('Enter');
    await page.getByLabel('Your name').waitFor();
    // Not a frame later: what a quick person types until then would be lost.
    expect(await page.evaluate('focusedAtOnce')).toBe(true);
    await page.keyboard.type('Keys');
    await press('Enter');
    await page.getByRole('heading', { name: 'You are in, Keys.' }).waitFor();
    await start();
    await openAnswers(page);
    // What counts is said, and shown where there is a keyboard.
    expect(await button(page, 'FAKE').getAttribute('aria-keyshortcuts')).toBe('2 ArrowRight k');
    await page.locator('.answer.fake .key', { hasText: 'K' }).waitFor();
    // The question has the focus by itself: no hunting for it while the clock runs.
    await press('ArrowRight');
    await page.getByText('You said FAKE.').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  });
});

describe('a player who goes and comes back', () => {
  /**
   * Stops at each screen, does something to the page, and looks whether the same screen is there after it.
   */
  async function atEachScreen(disturb: (page: Page) => Promise<void>): Promise<void> {
    const { room, host, start } = await pages.aRoom({ rounds: 2, seconds: 30, autoAdvance: false });
    const other = pages.arena.client({ room, name: 'Other', choose: () => null });
    await other.connect();
    const page = await pages.join(room, 'Ada');
    await disturb(page);
    await page.getByRole('heading', { name: 'You are in, Ada.' }).waitFor();
    await start();
    await openAnswers(page);
    await disturb(page);
    await openAnswers(page);
    await button(page, 'FACT').click();
    await page.getByText('Locked in: FACT').waitFor();
    await disturb(page);
    await page.getByText('Locked in: FACT').waitFor();
    await host.until(() => host.frame('NEW_QUESTION') !== undefined);
    const { roundId } = host.frame('NEW_QUESTION', false)?.d ?? {};
    await host.request('close', { roundId });
    await page.getByText('You said FACT.').waitFor();
    const score = await scoreIn(page);
    await disturb(page);
    await page.getByText('You said FACT.').waitFor();
    expect(await scoreIn(page)).toBe(score);
    await host.request('end', { game: host.frame('GAME_START', false)?.d.game });
    await page.locator('.podium').waitFor();
    const own = (await page.locator('.own').textContent()) ?? '';
    expect(own).toContain(`${score > 0 ? 1 : 0} of 1 right`);
    await disturb(page);
    await page.locator('.podium').waitFor();
    expect(await scoreIn(page)).toBe(score);
    expect(await page.locator('.own').textContent()).toBe(own);
  }

  test('by a reload finds every screen as it was, the answer locked and the score kept', async () => {
    await atEachScreen(async (page) => void (await page.reload()));
  }, 60_000);

  test('by a lost line finds every screen as it was, and is told that the score is safe', async () => {
    await atEachScreen(async (page) => {
      pages.line.cut();
      const said = page.getByText('Reconnecting… your score is safe.');
      await said.waitFor();
      // The number of the round stands at the top, and what was chosen in the middle.
      expect((await said.boundingBox())?.y).toBeGreaterThan(600);
      pages.line.restore();
      await page.getByText('You are back.').waitFor();
    });
  }, 120_000);

  test('after sleeping for a round plays on with the score of before', async () => {
    const { room, host, start } = await pages.aRoom({ rounds: 3, seconds: 5, autoAdvance: false });
    const page = await pages.join(room, 'Sleeper');
    await start();
    await openAnswers(page);
    await button(page, 'FACT').click();
    await page.locator('.reveal').waitFor();
    const score = await scoreIn(page);
    pages.line.cut();
    await goOnAfter(host, 1);
    await closeRound(host, 2);
    await goOnAfter(host, 2);
    pages.line.restore();
    // What a phone says when it is taken out of the pocket.
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.getByText('Round 3 of 3').waitFor();
    await openAnswers(page);
    await closeRound(host, 3);
    await goOnAfter(host, 3);
    await page.locator('.podium').waitFor();
    expect(await scoreIn(page)).toBeGreaterThanOrEqual(score);
  }, 60_000);
});
