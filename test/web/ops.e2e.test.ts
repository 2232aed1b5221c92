// The operator's desk in a real browser, while a game runs.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeSource, type OpenBrowser, openBrowser } from '../support/chromium.ts';
import { type Serving, startServing } from '../support/serving.ts';

let chromium: OpenBrowser;
let arena: Serving;

beforeAll(async () => {
  arena = await startServing({ LEAD_MS: '200' });
  chromium = await openBrowser();
});
afterAll(async () => {
  await chromium.close();
  await arena.stop();
});

test('shows rooms, groups and figures live, and any room at any moment', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 2, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => null });
  for (const client of [host, ada]) await client.connect();
  const page = await (
    await chromium.browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } })
  ).newPage();
  const said: string[] = [];
  page.on('console', (message) => message.type() === 'error' && said.push(message.text()));
  await page.goto(`${arena.http}/ops`);
  await page.getByRole('heading', { name: '✓ All is well' }).waitFor();
  await page.getByRole('cell', { name: 'game-master', exact: true }).waitFor();
  await host.request('start', { after: null });
  await page.getByRole('cell', { name: 'question', exact: true }).waitFor();
  await page.evaluate(await axeSource());
  expect(
    await page.evaluate('axe.run().then((r) => r.violations.map((v) => v.id + v.nodes[0].html))'),
  ).toEqual([]);
  await page.getByRole('link', { name: room }).click();
  await page.getByRole('slider').waitFor();
  await page.getByRole('slider').fill('1');
  await page.getByRole('heading', { name: 'ROOM_CREATED' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByText('Revision 2 of').waitFor();
  expect(
    await page.evaluate('axe.run().then((r) => r.violations.map((v) => v.id + v.nodes[0].html))'),
  ).toEqual([]);
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  expect(said).toEqual([]);
  await page.context().close();
}, 60_000);
