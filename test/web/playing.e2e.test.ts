// People at the page: a whole game by two players and a host, by keyboard alone, through reloads and lost
// lines, and with everything that people do.

import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OpenBrowser, openBrowser } from '../support/chromium.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { button } from '../support/tour.ts';

let chromium: OpenBrowser;
let arena: Serving;
let line: TcpProxy;
let contexts: BrowserContext[] = [];

beforeAll(async () => {
  arena = await startServing({ LEAD_MS: '300', INTERMISSION_MS: '600' });
  line = await startTcpProxy(Number(new URL(arena.http).port));
  chromium = await openBrowser();
});
afterAll(async () => {
  await chromium.close();
  await line.stop();
  await arena.stop();
});
beforeEach(async () => {
  line.restore();
  for (const context of contexts) await context.close();
  contexts = [];
});

async function newContext(): Promise<BrowserContext> {
  const context = await chromium.browser.newContext({
    locale: 'en-US',
    viewport: { width: 390, height: 780 },
  });
  contexts.push(context);
  return context;
}

async function open(path: string, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await newContext())).newPage();
  await page.goto(line.url + path);
  return page;
}

/** Joins by the page's own form. */
async function join(room: string, name: string): Promise<Page> {
  const page = await open(`/j/${room}`);
  await page.getByLabel('Your name').fill(name);
  await button(page, 'Join').click();
  await page.getByRole('heading', { name: `You are in, ${name}.` }).waitFor();
  return page;
}

/** A room whose host is a program; `start` starts the game. */
async function aRoom(settings: object) {
  const { room, hostToken } = await arena.makeRoom(settings);
  const host = arena.client({ room, role: 'host', token: hostToken });
  await host.connect();
  return { room, hostToken, host, start: () => host.request('start', { after: null }) };
}

const openAnswers = (page: Page) => page.locator('.answer[aria-disabled="false"]').first().waitFor();
const scoreIn = async (page: Page) => Number(await page.locator('.board .mine .score').first().textContent());

describe('a game through the pages', () => {
  test('two players and a host, from the first page to the podium', async () => {
    const host = await open('/');
    await button(host, 'Host a game').click();
    await host.waitForURL('**/host/*');
    const room = host.url().split('/').at(-1) ?? '';
    await host.getByLabel('Rounds').selectOption('5');
    await host.getByText('Myths').click();
    const [ada, bo] = [await join(room, 'Ada'), await join(room, 'Bo')];
    await host.getByText('2 players').first().waitFor();
    await button(host, 'Start the game').click();
    for (let round = 1; round <= 5; round++) {
      for (const page of [ada, bo]) await page.getByText(`Round ${round} of 5`).waitFor();
      await openAnswers(ada);
      await button(ada, 'FACT').click();
      await button(bo, 'FAKE').click();
      for (const page of [ada, bo, host]) await page.locator('.reveal').waitFor();
      expect(await ada.locator('.reveal a').getAttribute('href')).toMatch(/^https?:/);
    }
    for (const page of [ada, bo, host]) await page.locator('.podium').waitFor();
    const [a, b] = [await scoreIn(ada), await scoreIn(bo)];
    expect(a + b).toBeGreaterThanOrEqual(5 * 500);
    await ada.getByRole('link', { name: 'All questions of this game' }).click();
    await expect.poll(() => ada.locator('.card.reveal').count()).toBe(5);
  });

  test('alone, with one click', async () => {
    const page = await open('/');
    await button(page, 'Play now').click();
    await page.getByText('Round 1 of 5').waitFor();
    await openAnswers(page);
    await button(page, 'FAKE').click();
    await page.locator('.reveal').waitFor();
  });

  test('by keyboard alone', async () => {
    const { room, start } = await aRoom({ rounds: 1, seconds: 10 });
    const page = await open('/');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.getByLabel('Room code').focus();
    await page.keyboard.type(room);
    await press('Enter');
    await page.getByLabel('Your name').waitFor();
    await page.keyboard.type('Keys');
    await press('Enter');
    await page.getByRole('heading', { name: 'You are in, Keys.' }).waitFor();
    await start();
    await openAnswers(page);
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
    const { room, host, start } = await aRoom({ rounds: 2, seconds: 30, autoAdvance: false });
    const other = arena.client({ room, name: 'Other', choose: () => null });
    await other.connect();
    const page = await join(room, 'Ada');
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
    await disturb(page);
    await page.locator('.podium').waitFor();
    expect(await scoreIn(page)).toBe(score);
  }

  test('by a reload finds every screen as it was, the answer locked and the score kept', async () => {
    await atEachScreen(async (page) => void (await page.reload()));
  }, 60_000);

  test('by a lost line finds every screen as it was, and is told that the score is safe', async () => {
    await atEachScreen(async (page) => {
      line.cut();
      await page.getByText('Reconnecting… your score is safe.').waitFor();
      line.restore();
      await page.getByText('You are back.').waitFor();
    });
  }, 120_000);

  test('after sleeping for a round plays on with the score of before', async () => {
    const { room, start } = await aRoom({ rounds: 3, seconds: 5 });
    const page = await join(room, 'Sleeper');
    await start();
    await openAnswers(page);
    await button(page, 'FACT').click();
    await page.locator('.reveal').waitFor();
    const score = await scoreIn(page);
    line.cut();
    const awake = arena.client({ room, name: 'Awake', choose: () => 'FACT' });
    await awake.connect();
    await awake.until(() => awake.frames.some(({ t, d }) => t === 'ROUND_RESULT' && d.round === 2));
    awake.close();
    line.restore();
    // What a phone says when it is taken out of the pocket.
    await page.evaluate("dispatchEvent(new Event('online'))");
    await page.getByText('Round 3 of 3').waitFor();
    await openAnswers(page);
    await page.locator('.podium').waitFor();
    expect(await scoreIn(page)).toBeGreaterThanOrEqual(score);
  }, 60_000);
});

describe('what people do', () => {
  test('two tabs with one token: the later one plays, the earlier one says so', async () => {
    const { room } = await aRoom({ rounds: 1, seconds: 5 });
    const first = await join(room, 'Twice');
    const second = await open(`/j/${room}`, first.context());
    await second.getByRole('heading', { name: 'You are in, Twice.' }).waitFor();
    await first.getByRole('heading', { name: 'This game was opened somewhere else.' }).waitFor();
  });

  test('names: taken, too long, right-to-left and of emoji', async () => {
    const { room } = await aRoom({ rounds: 1, seconds: 5 });
    await join(room, 'عمر الخيام');
    await join(room, '👩‍🚀👨‍🍳');
    const page = await open(`/j/${room}`);
    for (const [name, problem] of [
      ['عمر الخيام', 'Somebody here has this name already.'],
      ['x'.repeat(80), 'A name has 2 to 20 letters.'],
    ] as const) {
      await page.getByLabel('Your name').fill(name);
      await button(page, 'Join').click();
      await page.getByRole('alert').getByText(problem).waitFor();
    }
    await page.getByLabel('Your name').fill('<b>Bold</b>');
    await button(page, 'Join').click();
    await page.getByRole('heading', { name: 'You are in, <b>Bold</b>.' }).waitFor();
  });

  test('a double click answers once, and a changed mind is too late', async () => {
    const { room, start } = await aRoom({ rounds: 1, seconds: 20, autoAdvance: false });
    const other = arena.client({ room, name: 'Other', choose: () => null });
    await other.connect();
    const page = await join(room, 'Ada');
    await start();
    await openAnswers(page);
    await button(page, 'FACT').dblclick();
    await page.getByText('Locked in: FACT').waitFor();
    await button(page, 'FAKE').click({ force: true });
    expect(await page.locator('.answer.chosen').count()).toBe(1);
    await page.getByText('Locked in: FACT').waitFor();
  });

  test('a phone whose clock is an hour wrong counts down with the others', async () => {
    const { room, start } = await aRoom({ rounds: 1, seconds: 20 });
    const context = await newContext();
    await context.addInitScript('const now = Date.now; Date.now = () => now() + 3_600_000;');
    const page = await open(`/j/${room}`, context);
    await page.getByLabel('Your name').fill('Early');
    await button(page, 'Join').click();
    await page.getByRole('heading', { name: 'You are in, Early.' }).waitFor();
    await start();
    await openAnswers(page);
    expect(Number(await page.locator('.clock span').first().textContent())).toBeGreaterThan(15);
    await button(page, 'FACT').click();
    await page.getByText('You said FACT.').waitFor();
  });

  test('whoever comes in the middle of a question is told to wait, and plays the next one', async () => {
    const { room, host, start } = await aRoom({ rounds: 2, seconds: 30, autoAdvance: false });
    const early = arena.client({ room, name: 'Early', choose: () => null });
    await early.connect();
    await start();
    await early.until(() => early.frame('NEW_QUESTION') !== undefined);
    const page = await open(`/j/${room}`);
    await page.getByLabel('Your name').fill('Late');
    await button(page, 'Join').click();
    await page.getByText('You play from the next question on.').waitFor();
    expect(await page.locator('.answer').count()).toBe(0);
    await host.until(() => host.frame('NEW_QUESTION') !== undefined);
    const { roundId } = host.frame('NEW_QUESTION')?.d ?? {};
    await host.request('close', { roundId });
    await page.locator('.reveal').waitFor();
    await host.request('next', { roundId });
    await openAnswers(page);
  });

  test('an answer after the bell is not silent', async () => {
    const { room, start } = await aRoom({ rounds: 1, seconds: 5, autoAdvance: false });
    const page = await join(room, 'Tardy');
    await start();
    await openAnswers(page);
    // The frame with the news is held back, as on a line that is slow in one direction.
    await page.evaluate(
      'WebSocket.prototype.send = new Proxy(WebSocket.prototype.send, { apply: (f, ws, [text]) => setTimeout(() => f.call(ws, text), /"answer"/.test(text) ? 6500 : 0) })',
    );
    await button(page, 'FACT').click();
    await page.locator('.reveal').waitFor();
    await page.getByText('You gave no answer.').waitFor();
  }, 40_000);

  test('a token that is no longer known leads back to the name', async () => {
    const { room } = await aRoom({ rounds: 1, seconds: 5 });
    const context = await newContext();
    const page = await open('/', context);
    await page.evaluate(`localStorage.setItem('arena:${room}', JSON.stringify({ token: 'expired' }))`);
    await page.goto(`${line.url}/j/${room}`);
    await page.getByRole('heading', { name: 'This browser is not known in the room any more.' }).waitFor();
    await button(page, 'Try again').click();
    await page.getByLabel('Your name').waitFor();
  });

  test('whoever is removed is told so, and may come back under a name', async () => {
    const { room, host } = await aRoom({ rounds: 1, seconds: 5 });
    const page = await join(room, 'Ada');
    await host.until(() => host.frame('PLAYER_JOINED') !== undefined);
    const { playerId } = host.frame('PLAYER_JOINED', false)?.d ?? {};
    await host.request('kick', { playerId });
    await page.getByRole('heading', { name: 'The host has removed you.' }).waitFor();
    await page.reload();
    await page.getByLabel('Your name').waitFor();
  });

  test('back and forth between pages leaves the player in the game', async () => {
    const { room } = await aRoom({ rounds: 1, seconds: 5 });
    const page = await open('/');
    await page.getByLabel('Room code').fill(room.toLowerCase());
    await button(page, 'Join').click();
    await page.getByLabel('Your name').fill('Ada');
    await button(page, 'Join').click();
    await page.getByRole('heading', { name: 'You are in, Ada.' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Fact or Fake' }).waitFor();
    await page.goForward();
    await page.getByRole('heading', { name: 'You are in, Ada.' }).waitFor();
  });

  test('the host’s link opens the host’s page on another device, and leaves no secret in the address', async () => {
    const { room, hostToken } = await aRoom({ rounds: 1, seconds: 5 });
    const page = await open(`/host/${room}#${hostToken}`);
    await button(page, 'Start the game').waitFor();
    expect(page.url()).toBe(`${line.url}/host/${room}`);
    await page.reload();
    await button(page, 'Start the game').waitFor();
  });
});

test('from the tap to the lock that the server has confirmed it takes less than 100 ms, 95 times in 100', async () => {
  const rounds = 20;
  const { room, start } = await aRoom({ rounds, seconds: 10 });
  const page = await join(room, 'Quick');
  await start();
  const measured: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    await page.getByText(`Round ${round} of ${rounds}`).waitFor();
    await openAnswers(page);
    measured.push((await page.evaluate(tapAndMeasure)) as number);
  }
  measured.sort((a, b) => a - b);
  const p95 = measured[Math.ceil(0.95 * rounds) - 1] ?? Number.NaN;
  console.log(`from tap to lock: median ${measured[rounds / 2]?.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`);
  expect(p95).toBeLessThan(100);
}, 60_000);

// In the page: clicks, and waits for the frame of the socket that brings the reply, and for what it changes.
const tapAndMeasure = `new Promise((resolve) => {
  const since = performance.now();
  const status = document.querySelector('.status');
  const done = () => /Locked in/.test(status.textContent) && (watch.disconnect(), resolve(performance.now() - since));
  const watch = new MutationObserver(done);
  watch.observe(status, { childList: true, characterData: true, subtree: true });
  document.querySelector('.answer.fact').click();
})`;
