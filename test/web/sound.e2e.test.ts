// No sound until somebody asks for it, in a real browser.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { goOnAfter } from '../support/as-host.ts';
import { join, openAnswers } from '../support/at-the-page.ts';
import { type OpenBrowser, openBrowser } from '../support/chromium.ts';
import { noteComplaints } from '../support/complaints.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { button } from '../support/tour.ts';

let chromium: OpenBrowser;
let arena: Serving;

beforeAll(async () => {
  arena = await startServing({ LEAD_MS: '300' });
  chromium = await openBrowser();
});
afterAll(async () => {
  await chromium.close();
  await arena.stop();
});

// Counts what starts to sound in the page.
const countTones = `window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };`;

test('a page is silent until it is asked not to be, and remembers that', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 3, seconds: 30, autoAdvance: false });
  const host = arena.client({ room, role: 'host', token: hostToken });
  await host.connect();
  const context = await chromium.browser.newContext({ locale: 'en-US' });
  await context.addInitScript(countTones);
  const page = await context.newPage();
  const said: string[] = [];
  noteComplaints(page, said);
  const tones = () => page.evaluate('window.tones') as Promise<number>;
  await page.goto(`${arena.http}/j/${room}`);
  await join(page, 'Ada');
  await host.request('start', { after: null });

  await openAnswers(page);
  await button(page, 'FACT').click();
  await page.locator('.reveal').waitFor();
  expect(await tones()).toBe(0);

  const sound = page.getByRole('button', { name: 'Sound' });
  await sound.click();
  expect(await sound.getAttribute('aria-pressed')).toBe('true');
  const confirmed = await tones();
  expect(confirmed).toBeGreaterThan(0);
  await goOnAfter(host, 1);
  await page.getByText('Round 2 of 3').waitFor();
  await expect.poll(tones).toBeGreaterThan(confirmed);
  const asked = await tones();
  await openAnswers(page);
  await button(page, 'FACT').click();
  await expect.poll(tones).toBeGreaterThan(asked);

  await page.reload();
  expect(await sound.getAttribute('aria-pressed')).toBe('true');
  await sound.click();
  const quiet = await tones();
  await goOnAfter(host, 2);
  await page.getByText('Round 3 of 3').waitFor();
  await openAnswers(page);
  await button(page, 'FACT').click();
  await goOnAfter(host, 3);
  await page.locator('.podium').waitFor();
  expect(await tones()).toBe(quiet);
  expect(said).toEqual([]);
  await context.close();
});
