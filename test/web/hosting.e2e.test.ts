// Whoever hosts, at the page: beside players, as one of them, and alone.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join, openAnswers } from '../support/at-the-page.ts';
import { type OpenBrowser, openBrowser } from '../support/chromium.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { button } from '../support/tour.ts';

let chromium: OpenBrowser;
let arena: Serving;

beforeAll(async () => {
  arena = await startServing({ LEAD_MS: '200', INTERMISSION_MS: '60000' });
  chromium = await openBrowser();
});
afterAll(async () => {
  await chromium.close();
  await arena.stop();
});

async function open(path: string): Promise<Page> {
  const viewport = { width: 360, height: 740 };
  const page = await (await chromium.browser.newContext({ locale: 'en-US', viewport })).newPage();
  await page.goto(arena.http + path);
  return page;
}

/** A room with a host who plays, and Ada; nothing goes on by itself. */
async function sitDown(): Promise<{ room: string; host: Page; ada: Page }> {
  const { room, hostToken } = await arena.makeRoom({ rounds: 5, seconds: 60, autoAdvance: false });
  const host = await open(`/host/${room}#${hostToken}`);
  await button(host, 'I play, too').click();
  const ada = await open(`/j/${room}`);
  await join(ada, 'Ada');
  await host.getByText('2 players').waitFor();
  return { room, host, ada };
}

const end = async (page: Page): Promise<void> => {
  await button(page, 'End the game').click();
  await button(page, 'Really end it?').click();
};

test('a host who plays has one board, and is told what is up to the host', async () => {
  const { host, ada } = await sitDown();
  await button(host, 'Start the game').click();
  await openAnswers(ada);
  // On a phone the question stands above the bar, which so has two rows of buttons and a line.
  expect((await host.locator('.host-bar').boundingBox())?.height).toBeLessThan(150);
  // On the smallest one both answers stand above it, however long the claim is.
  const viewport = host.viewportSize() ?? { width: 360, height: 740 };
  await host.setViewportSize({ width: 320, height: 640 });
  await host.evaluate("document.querySelector('.question h1').textContent = 'A claim of two '.repeat(13)");
  await answersAreSeen(host);
  await host.setViewportSize(viewport);
  await button(host, 'Close the round').click();
  await host.getByText('You decide when to go on.').waitFor();
  await ada.getByText('The host decides when to go on.').waitFor();
  await button(host, 'Next question').click();
  await openAnswers(ada);
  await button(host, 'Pause').click();
  await host.getByRole('heading', { name: 'Paused' }).waitFor();
  await host.getByText('You decide when to go on.').waitFor();
  expect(await host.getByRole('heading', { name: 'Leaderboard' }).count()).toBe(1);
  await button(host, 'Go on').click();

  await button(host, 'Skip the claim').click();
  for (const page of [host, ada])
    await page.getByRole('heading', { name: 'This claim was skipped.' }).waitFor();
  await ada.reload();
  await ada.getByRole('heading', { name: 'This claim was skipped.' }).waitFor();

  // However far down the host was, the winners are seen.
  await host.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await end(host);
  for (const page of [host, ada]) await page.locator('.podium').waitFor();
  expect(await host.evaluate('scrollY')).toBe(0);
  expect(await host.evaluate('document.activeElement.textContent')).toBe('Game over');
  await ada.getByText('the host can start another game here').waitFor();
  expect(await host.getByText('the host can start another game here').count()).toBe(0);
  await ada.getByRole('link', { name: 'To the start' }).click();
  await ada.getByRole('heading', { name: 'Fact or Fake' }).waitFor();
}, 60_000);

test('a topic that nobody knows here is taken, and it is said what will come of it', async () => {
  const host = await open('/');
  await button(host, 'Host a game').click();
  await host.getByText('Geography').waitFor();
  await host.getByLabel('Another topic').fill('Dinosaurs');
  // Somebody comes meanwhile: what is half typed stays.
  await arena.client({ room: host.url().split('/').at(-1) ?? '', name: 'Ada' }).connect();
  await host.getByText('1 player', { exact: true }).waitFor();
  await host.keyboard.press('Enter');
  await host.getByText('the claims will be from all topics').waitFor();
  await host.getByText('Chemistry').click();
  await host.getByText('the claims will be from all topics').waitFor({ state: 'detached' });
});

test('the host’s link opens the host’s page on another device, and leaves no secret in the address', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 1, seconds: 5 });
  const page = await open(`/host/${room}#${hostToken}`);
  await button(page, 'Start the game').waitFor();
  expect(page.url()).toBe(`${arena.http}/host/${room}`);
  await page.reload();
  await button(page, 'Start the game').waitFor();
});

test('a player is removed by the second press, not by the first', async () => {
  const { host, ada } = await sitDown();
  await button(host, 'Remove: Ada').click();
  await host.getByText('2 players').waitFor();
  const { height = 0 } = (await button(host, 'Remove?').boundingBox()) ?? {};
  expect(height).toBeLessThan(40);
  await button(host, 'Remove?').click();
  await ada.getByRole('heading', { name: 'The host has removed you.' }).waitFor();
  await host.getByText('1 player', { exact: true }).waitFor();
});

test('whoever is removed and kept out is told so, also after a reload, and so is the next of that name', async () => {
  const { room, host, ada } = await sitDown();
  await host.setViewportSize({ width: 320, height: 640 });
  await button(host, 'Remove: Ada').click();
  await button(host, 'Keep out?').focus();
  expect(await host.evaluate(sideways)).toBe(0);
  await button(host, 'Keep out?').click();
  const told = ada.getByRole('heading', { name: 'The host has removed you and keeps you out.' });
  await told.waitFor();
  await ada.reload();
  await told.waitFor();
  expect(await ada.getByLabel('Your name').count()).toBe(0);
  const another = await open(`/j/${room}`);
  await another.getByLabel('Your name').fill('ADA');
  await button(another, 'Join').click();
  await another.getByRole('alert').getByText('The host keeps this name out.').waitFor();
  await join(another, 'Bo');
});

test('a game that is over before its first result gives nobody a place', async () => {
  const { host, ada } = await sitDown();
  await button(host, 'Start the game').click();
  await openAnswers(ada);
  await end(host);
  await ada.getByRole('heading', { name: 'Game over' }).waitFor();
  await ada.locator('.own', { hasText: '0 points' }).waitFor();
  expect(await ada.getByText('Place 0').count()).toBe(0);
});

test('a crowd is counted, and nobody is counted alone', async () => {
  const { room } = await arena.makeRoom({ rounds: 1, seconds: 5 });
  const screen = await open(`/screen/${room}`);
  const come = (name: string) => arena.client({ room, name }).connect();
  for (let count = 1; count <= 31; count++) await come(`Guest ${count}`);
  await screen.getByText('31 players').waitFor();
  await screen.getByText('Guest 1', { exact: true }).waitFor();
  expect(await screen.locator('.players li').count()).toBe(31);
  await come('Guest 32');
  await screen.getByText('and 2 more').waitFor();
});

test('two winners on the big screen stand in the middle, each with a long name on one line', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 5, seconds: 60, autoAdvance: false });
  const host = arena.client({ room, role: 'host', token: hostToken });
  await host.connect();
  for (const [name, answer] of [
    ['Grace Hopperington20', 'FACT'],
    ['Maximilian Longer 20', 'FAKE'],
  ] as const)
    await arena.client({ room, name, choose: () => answer }).connect();
  const screen = await open(`/screen/${room}`);
  await screen.setViewportSize({ width: 1_920, height: 1_080 });
  await host.request('start', { after: null });
  const phone = await open(`/host/${room}#${hostToken}`);
  await screen.locator('.reveal').waitFor();
  await host.request('end', { game: host.frame('GAME_START', false)?.d.game });
  const [heading, places] = [
    screen.getByRole('heading', { name: 'Game over' }),
    screen.locator('.podium li'),
  ];
  await places.nth(1).waitFor();
  const middle = await heading.boundingBox();
  const [first, second] = [await places.nth(0).boundingBox(), await places.nth(1).boundingBox()];
  const [left, right] = [second?.x ?? 0, (first?.x ?? 0) + (first?.width ?? 0)];
  expect(Math.abs((left + right) / 2 - (middle?.x ?? 0) - (middle?.width ?? 0) / 2)).toBeLessThan(2);
  expect(Math.max(...((await screen.evaluate(linesOf('.podium bdi'))) as number[]))).toBeLessThan(2);
  // Their points, too, on the smallest phone, and were they five digits.
  await phone.setViewportSize({ width: 320, height: 640 });
  await phone.locator('.podium li').first().waitFor();
  await phone.evaluate(
    "for (const score of document.querySelectorAll('.podium .score')) score.textContent = '24000 points'",
  );
  expect(Math.max(...((await phone.evaluate(linesOf('.podium .score'))) as number[]))).toBeLessThan(2);
}, 60_000);

test('whoever plays alone is not spoken to as a host, and sees how many were right', async () => {
  const page = await open('/');
  await button(page, 'Play now').click();
  await openAnswers(page);
  await button(page, 'Show the answer').waitFor();
  // On its side, too, nobody has to look for the answers while the clock runs.
  await page.setViewportSize({ width: 740, height: 360 });
  await answersAreSeen(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await button(page, 'FACT').click();
  await page.locator('.reveal').waitFor();
  await page.getByText('Next question in').waitFor();
  await barHidesNothing(page);
  const jargon = /Close the round|have answered|How people answered|Place \d|Leaderboard/;
  expect(await page.getByText(jargon).count()).toBe(0);
  await end(page);
  await page.getByText(/^[01] of 1 right · \d+ points?$/).waitFor();
  expect(await page.getByText(jargon).count()).toBe(0);
  await page.getByRole('link', { name: 'To the start' }).click();
  await button(page, 'Play now').waitFor();
}, 60_000);

/** Both answers stand above the bar, without scrolling. */
async function answersAreSeen(page: Page): Promise<void> {
  const lower = async () => {
    const { y = 0, height = 0 } = (await page.locator('.answer.fake').boundingBox()) ?? {};
    return y + height - ((await page.locator('.host-bar').boundingBox())?.y ?? 0);
  };
  await expect.poll(lower).toBeLessThanOrEqual(0);
}

/** The last thing on the page stands above the bar, whose buttons stand in the middle. */
async function barHidesNothing(page: Page): Promise<void> {
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  const [sound, bar] = [
    await button(page, 'Sound').boundingBox(),
    await page.locator('.host-bar').boundingBox(),
  ];
  expect((sound?.y ?? 0) + (sound?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
  const [first, last] = [
    await page.locator('.host-bar button').first().boundingBox(),
    await page.locator('.host-bar button').last().boundingBox(),
  ];
  const right = 360 - (last?.x ?? 0) - (last?.width ?? 0);
  expect(Math.abs((first?.x ?? 0) - right)).toBeLessThan(1);
}

const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

// In the page: how often its own letters' height each is high.
const linesOf = (what: string) => `[...document.querySelectorAll('${what}')].map(
  (text) => text.getBoundingClientRect().height / parseFloat(getComputedStyle(text).fontSize),
)`;
