// Everything that people do at the page: with names, codes, tabs and clocks, too early and too late.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { join, openAnswers } from '../support/at-the-page.ts';
import { openPages, type Pages } from '../support/pages.ts';
import { serveOn } from '../support/serving.ts';
import { button } from '../support/tour.ts';

let pages: Pages;

beforeAll(async () => {
  pages = await openPages();
});
afterAll(() => pages.close());
beforeEach(() => pages.clear());

test('two tabs with one token: the later one plays, the earlier one says so', async () => {
  const { room } = await pages.aRoom({ rounds: 1, seconds: 5 });
  const first = await pages.join(room, 'Twice');
  const second = await pages.open(`/j/${room}`, first.context());
  await second.getByRole('heading', { name: 'You are in, Twice.' }).waitFor();
  await first.getByRole('heading', { name: 'This game was opened somewhere else.' }).waitFor();
});

test('names: taken, too long, right-to-left and of emoji', async () => {
  const { room } = await pages.aRoom({ rounds: 1, seconds: 5 });
  await pages.join(room, 'عمر الخيام');
  await pages.join(room, '👩‍🚀👨‍🍳');
  const page = await pages.open(`/j/${room}`);
  for (const [name, problem] of [
    ['عمر الخيام', 'Somebody here has this name already.'],
    ['x'.repeat(80), 'A name has 2 to 20 letters'],
    ['   ', 'A name has 2 to 20 letters'],
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
  const { room, start } = await pages.aRoom({ rounds: 1, seconds: 20, autoAdvance: false });
  const other = pages.arena.client({ room, name: 'Other', choose: () => null });
  await other.connect();
  const page = await pages.join(room, 'Ada');
  await start();
  await openAnswers(page);
  await button(page, 'FACT').dblclick();
  await page.getByText('Locked in: FACT').waitFor();
  await button(page, 'FAKE').click({ force: true });
  expect(await page.locator('.answer.chosen').count()).toBe(1);
  await page.getByText('Locked in: FACT').waitFor();
});

test('a phone whose clock is an hour wrong counts down with the others', async () => {
  const { room, start } = await pages.aRoom({ rounds: 1, seconds: 20, autoAdvance: false });
  const context = await pages.newContext();
  await context.addInitScript('const now = Date.now; Date.now = () => now() + 3_600_000;');
  const page = await pages.open(`/j/${room}`, context);
  await join(page, 'Early');
  await start();
  await openAnswers(page);
  expect(Number(await page.locator('.clock span').first().textContent())).toBeGreaterThan(15);
  await button(page, 'FACT').click();
  await page.getByText('You said FACT.').waitFor();
});

test('whoever comes in the middle of a question is told to wait, and plays the next one', async () => {
  const { room, host, start } = await pages.aRoom({ rounds: 2, seconds: 30, autoAdvance: false });
  const early = pages.arena.client({ room, name: 'Early', choose: () => null });
  await early.connect();
  await start();
  await early.until(() => early.frame('NEW_QUESTION') !== undefined);
  const page = await pages.open(`/j/${room}`);
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

test('without a line, too, nobody can answer when the time is up', async () => {
  const { room, start } = await pages.aRoom({ rounds: 1, seconds: 5 });
  const page = await pages.join(room, 'Cut');
  await start();
  await openAnswers(page);
  pages.line.cut();
  await page.locator('.answer[aria-disabled="true"]').first().waitFor();
  expect(await page.locator('.clock span').first().textContent()).toBe('0');
});

test('an answer after the time is up is not silent', async () => {
  const { room, start } = await pages.aRoom({ rounds: 1, seconds: 5, autoAdvance: false });
  const page = await pages.join(room, 'Tardy');
  await start();
  await openAnswers(page);
  // The frame with the news is held back, as on a line that is slow in one direction.
  await page.evaluate(
    'WebSocket.prototype.send = new Proxy(WebSocket.prototype.send, { apply: (f, ws, [text]) => setTimeout(() => f.call(ws, text), /"answer"/.test(text) ? 6500 : 0) })',
  );
  await button(page, 'FACT').click();
  await page.locator('.reveal').waitFor();
  await page.getByText('Your answer FACT came too late.').waitFor();
  expect(await page.getByText('You gave no answer.').count()).toBe(0);
}, 40_000);

test('a server that starts again says so, and the game goes on', async () => {
  const { valkey } = pages.arena;
  const slot = { ARENA_SLOT: 'again' };
  const before = await serveOn(valkey.url, slot);
  const { room, hostToken } = await before.makeRoom({ rounds: 1, seconds: 20 });
  const page = await (await pages.newContext()).newPage();
  await page.goto(`${before.http}/j/${room}`);
  await join(page, 'Ada');
  await before.stop();
  await page.getByText('The server starts again. Your score is safe.').waitFor();
  const after = await serveOn(valkey.url, { ...slot, PORT: new URL(before.http).port });
  await page.locator('.connection:not(.away)').waitFor({ state: 'attached' });
  const host = after.client({ room, role: 'host', token: hostToken });
  await host.connect();
  await host.request('start', { after: null });
  await openAnswers(page);
  await after.stop();
});

test('a token that is no longer known leads back to the name', async () => {
  const { room } = await pages.aRoom({ rounds: 1, seconds: 5 });
  const context = await pages.newContext();
  const page = await pages.open('/', context);
  await page.evaluate(`localStorage.setItem('arena:${room}', JSON.stringify({ token: 'expired' }))`);
  await page.goto(`${pages.line.url}/j/${room}`);
  await page.getByRole('heading', { name: 'This browser is not known in the room any more.' }).waitFor();
  await button(page, 'Try again').click();
  await page.getByLabel('Your name').waitFor();
});

test('whoever is removed is told so, and may come back under a name', async () => {
  const { room, host } = await pages.aRoom({ rounds: 1, seconds: 5 });
  const page = await pages.join(room, 'Ada');
  await host.until(() => host.frame('PLAYER_JOINED') !== undefined);
  const { playerId } = host.frame('PLAYER_JOINED', false)?.d ?? {};
  await host.request('kick', { playerId });
  await page.getByRole('heading', { name: 'The host has removed you.' }).waitFor();
  await page.reload();
  await page.getByLabel('Your name').waitFor();
});

test('whoever leaves is out, and the start asks for the next code', async () => {
  const { room, host } = await pages.aRoom({ rounds: 1, seconds: 5 });
  const page = await pages.join(room, 'Gone');
  await button(page, 'Leave').click();
  await page.getByRole('heading', { name: 'Fact or Fake' }).waitFor();
  await host.until(() => host.frame('PLAYER_LEFT') !== undefined);
});

test('a wrong code is said, and another one can be given at once', async () => {
  const { room } = await pages.aRoom({ rounds: 1, seconds: 5 });
  // An address that was cut short is a wrong code, too.
  for (const code of ['ZZZZZZ', 'ZZZ', 'ZZZ%F']) {
    // Nobody gives a name for nothing.
    const page = await pages.open(`/j/${code}`);
    await page.getByRole('heading', { name: 'There is no room with this code.' }).waitFor();
    const pasted =
      code === 'ZZZ' ? ` ${room.slice(0, 3)} ${room.slice(3)}` : `${pages.line.url}/j/${room}?x=1`;
    await page.getByLabel('Room code').fill(pasted);
    await button(page, 'Join').click();
    await page.getByLabel('Your name').waitFor();
  }
});

test('a code that cannot be looked up is asked for a name all the same', async () => {
  const context = await pages.newContext();
  const refused = context.waitForEvent('requestfailed', (request) => request.url().includes('/api/rooms/'));
  await context.route('**/api/rooms/*', (route) => route.abort());
  const page = await pages.open('/j/ZZZZZZ', context);
  await refused;
  await page.getByLabel('Your name').fill('Lost');
  await button(page, 'Join').click();
  await page.getByRole('heading', { name: 'There is no room with this code.' }).waitFor();
});

test('back and forth between pages leaves the player in the game', async () => {
  const { room } = await pages.aRoom({ rounds: 1, seconds: 5 });
  const page = await pages.open('/');
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
