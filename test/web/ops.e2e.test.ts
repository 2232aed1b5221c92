// The operator's desk in a real browser, while a game runs.

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { axeSource, type OpenBrowser, openBrowser } from '../support/chromium.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { button } from '../support/tour.ts';
import { connectTo } from '../support/valkey.ts';

let chromium: OpenBrowser;
let arena: Serving;
let commands: Valkey;
let said: string[] = [];

beforeAll(async () => {
  arena = await startServing({ LEAD_MS: '200' });
  commands = await connectTo(arena.valkey.url);
  chromium = await openBrowser();
});
afterAll(async () => {
  await chromium.close();
  commands.disconnect();
  await arena.stop();
});
afterEach(() => {
  expect(said).toEqual([]);
  said = [];
});

async function open(url: string): Promise<Page> {
  const context = await chromium.browser.newContext({
    locale: 'en-US',
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(url);
  return page;
}

async function violationsOn(page: Page): Promise<unknown> {
  await page.evaluate(await axeSource());
  return page.evaluate('axe.run().then((r) => r.violations.map((v) => v.id + v.nodes[0].html))');
}

async function aGame() {
  const { room, hostToken } = await arena.makeRoom({ rounds: 2, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => null });
  for (const client of [host, ada]) await client.connect();
  return { room, ada, start: () => host.request('start', { after: null }) };
}

test('shows rooms, groups and figures live', async () => {
  const { ada, start } = await aGame();
  const page = await open(`${arena.http}/ops`);
  await page.getByRole('heading', { name: '✓ All is well' }).waitFor();
  await page.getByRole('cell', { name: 'game-master', exact: true }).waitFor();
  await page.getByRole('img', { name: 'Lag, in entries' }).waitFor();
  await start();
  await page.getByRole('cell', { name: 'question', exact: true }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  await page.context().close();
}, 60_000);

test('follows a room, and shows it at any moment of before', async () => {
  const { room, ada, start } = await aGame();
  const page = await open(`${arena.http}/ops/${room}`);
  await page.getByText('The room waits in the lobby for its host to start.').waitFor();
  await start();
  await page.getByText('A question is open').waitFor();
  await page.getByRole('heading', { name: 'NEW_QUESTION' }).waitFor();
  await page.getByRole('slider').fill('1');
  await page.getByRole('heading', { name: 'ROOM_CREATED' }).waitFor();
  expect(await page.getByLabel('follow').isChecked()).toBe(false);
  await page.getByRole('slider').press('ArrowRight');
  await page.getByText('Revision 2 of').waitFor();
  await page.getByLabel('Type of event').selectOption('NEW_QUESTION');
  await button(page, 'forward ›').click();
  await page.getByRole('heading', { name: 'NEW_QUESTION' }).waitFor();
  await page.locator('.changes').getByText('/phase').waitFor();
  await page.locator('.tree mark', { hasText: '"question"' }).first().waitFor();
  expect(await violationsOn(page)).toEqual([]);
  // The left end of the axis is where the room begins.
  await page.locator('.lanes').click({ position: { x: 100, y: 5 } });
  await page.getByRole('heading', { name: 'ROOM_CREATED' }).waitFor();
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  await page.getByLabel('follow').check();
  await page.getByText('The game is over.').waitFor();
  await page.getByRole('heading', { name: 'GAME_OVER' }).waitFor();
  await page.getByLabel('Round, its number or id').fill('1');
  await button(page, 'Retract round 1').click();
  await button(page, 'Take back round 1 for good?').click();
  await page.locator('#judge').getByText('Taken back: ').waitFor();
  await page.getByRole('heading', { name: 'LEADERBOARD_UPDATE' }).waitFor();
  // Documents follow the log.
  const problems = async () =>
    ((await (await fetch(`${arena.http}/api/ops/rooms/${room}/verify`)).json()) as { problems: unknown })
      .problems;
  await expect.poll(problems).toEqual([]);
  await button(page, 'Verify').click();
  await page
    .locator('#judge')
    .getByText(/^Sound: \d+ events/)
    .waitFor();
  await page.context().close();
}, 60_000);

test('shows what players reported as they wrote it, and the line that takes the claim back', async () => {
  const { room, ada, start } = await aGame();
  const page = await open(`${arena.http}/ops`);
  await page.locator('#reports').getByText('None.').waitFor();
  await start();
  await ada.until(() => ada.frame('NEW_QUESTION') !== undefined);
  const { roundId } = ada.frame('NEW_QUESTION')?.d ?? {};
  await ada.request('report', { roundId, reason: '<i>not so</i>' });
  const row = page.locator('#reports').getByRole('row', { name: room });
  await row.getByText('“<i>not so</i>”', { exact: true }).waitFor();
  await row.getByText(`npx arena retract ${room} ${roundId}`, { exact: true }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await page.context().close();
}, 60_000);

test('puts dead letters back, and drops them when it was said twice', async () => {
  const { room } = await aGame();
  for (const message of ['no words for cheese', 'no words for wine'])
    await plantLetter(commands, { room, fingerprint: message.slice(-4), message });
  await plantLetter(commands, { room, fingerprint: 'stub', message: 'stubborn', requeues: 3 });
  const page = await open(`${arena.http}/ops`);
  const kind = (text: string) => page.locator('.letter', { hasText: text });
  await kind('no words for wine').locator('summary').click();
  await kind('no words for wine').getByRole('cell', { name: room }).waitFor();
  expect(await violationsOn(page)).toEqual([]);
  await kind('no words for wine').getByRole('button', { name: 'Try it dry' }).click();
  await page.getByText('1 of 1 would be put back').waitFor();
  await kind('no words for wine').getByRole('button', { name: 'Requeue', exact: true }).click();
  await page.getByText('1 of 1 put back').waitFor();
  await kind('no words for wine').waitFor({ state: 'detached' });

  await kind('stubborn').getByRole('button', { name: 'Requeue', exact: true }).click();
  await page.getByText('0 of 1 put back; 1 not: it was put back 3 times already').waitFor();
  await kind('stubborn').getByRole('button', { name: 'Requeue by force' }).click();
  await kind('stubborn').getByRole('button', { name: 'Really, once more?' }).click();
  await kind('stubborn').waitFor({ state: 'detached' });

  await kind('cheese').getByRole('button', { name: 'Drop' }).click();
  await page.getByLabel('event type').fill('NEW_QUESTION');
  await kind('cheese').waitFor({ state: 'detached' });
  await page.getByLabel('event type').fill('look');
  await kind('cheese').getByRole('button', { name: 'Drop' }).click();
  await kind('cheese').getByRole('button', { name: 'Drop 1 for good?' }).click();
  await kind('cheese').waitFor({ state: 'detached' });
  expect(await commands.xlen('game:dead')).toBe(0);
  // Every action is an event of its own.
  await page.getByRole('cell', { name: 'drop', exact: true }).waitFor();
  expect(await page.getByRole('cell', { name: 'requeue', exact: true }).count()).toBe(2);
  for (const width of [1_280, 360]) {
    await page.setViewportSize({ width, height: 740 });
    expect(await page.evaluate(`document.documentElement.scrollWidth - ${width}`)).toBe(0);
    // A line for each thing that operators did, and figures side by side on a phone, too.
    const did = page.getByRole('row').filter({ has: page.getByRole('cell', { name: 'drop', exact: true }) });
    if (width > 1_000) expect((await did.boundingBox())?.height).toBeLessThan(40);
    const [first, second] = await page.locator('.figure').all();
    expect((await first?.boundingBox())?.y).toBe((await second?.boundingBox())?.y);
  }
  await page.context().close();
}, 60_000);

/** How often something is asked for in the next minute of a page whose clock stands still otherwise. */
async function askedInAMinute(page: Page, path: RegExp): Promise<number> {
  let count = 0;
  page.on('request', (request) => path.test(request.url()) && count++);
  await page.clock.runFor(60_000);
  return count;
}

test('says of a room that there is none, and asks no more', async () => {
  const page = await open(`${arena.http}/ops`);
  await page.clock.install();
  await page.goto(`${arena.http}/ops/ZZZZZZ`);
  await page.getByRole('alert').waitFor();
  expect(await askedInAMinute(page, /timeline/)).toBe(0);
  expect(said.every((line) => line.includes('404'))).toBe(true);
  said = [];
  await page.context().close();
}, 60_000);

test('tells whoever may not look how to look where no token is set, and asks no more', async () => {
  const far = await startServing({ PUBLIC_URL: 'https://arena.example' });
  const page = await open('about:blank');
  await page.clock.install();
  await page.goto(`${far.http}/ops`);
  await page.getByText('To look from here, start the server with ARENA_OPS_TOKEN').waitFor();
  expect(await page.getByLabel('Token').count()).toBe(0);
  expect(await askedInAMinute(page, /overview/)).toBe(0);
  expect(said.every((line) => line.includes('403'))).toBe(true);
  said = [];
  await page.context().close();
  await far.stop();
}, 60_000);

test('asks for the token where there is one, and lets nobody in with another', async () => {
  const guarded = await startServing({ ARENA_OPS_TOKEN: 'a secret of operators, long enough' });
  const page = await open(`${guarded.http}/ops`);
  await page.getByText('The token, ARENA_OPS_TOKEN, is missing or wrong.').waitFor();
  await page.getByLabel('Token').fill('wrong');
  await button(page, 'Look').click();
  await page.getByText('The token, ARENA_OPS_TOKEN, is missing or wrong.').waitFor();
  await page.getByLabel('Token').fill('a secret of operators, long enough');
  await button(page, 'Look').click();
  await page.getByRole('heading', { name: '✓ All is well' }).waitFor();
  expect(said.every((line) => line.includes('403'))).toBe(true);
  said = [];
  await page.context().close();
  await guarded.stop();
}, 60_000);
