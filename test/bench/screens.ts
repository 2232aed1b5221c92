// `npm run screens`: a picture of every screen, on a phone, a laptop and a big screen, into `.screens/`.

import { mkdirSync, rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import { openBrowser } from '../support/chromium.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { tour } from '../support/tour.ts';

const sizes = [
  [360, 740],
  [1280, 800],
  [1920, 1080],
] as const;
const folder = '.screens';

/** Takes a picture of a page in every size. */
type Shoot = (screen: string, page: Page) => Promise<void>;

/** The operator's desk while a crowd plays, with failures of two kinds. */
async function visitDesk(browser: Browser, arena: Serving, colorScheme: 'dark' | 'light', shoot: Shoot) {
  const { room, hostToken } = await arena.makeRoom({ rounds: 5, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  await host.connect();
  for (let i = 0; i < 40; i++) {
    const choose = () => (i % 3 === 0 ? 'FAKE' : 'FACT');
    await arena.client({ room, name: `Bot ${i}`, choose, hesitateMs: 40 * i }).connect();
  }
  const commands = connect(arena.valkey.url, 'screens');
  await untilReady(commands, AbortSignal.timeout(5_000));
  for (const [fingerprint, message] of [
    ['a1', 'no words for cheese'],
    ['a1', 'no words for cheese'],
    ['b2', 'the source does not answer'],
  ] as const)
    await plantLetter(commands, { room, fingerprint, message });
  commands.disconnect();
  const page = await (await browser.newContext({ locale: 'en-US', colorScheme })).newPage();
  await page.goto(`${arena.http}/ops`);
  await page.locator('.letter summary').first().click();
  await host.request('start', { after: null });
  await host.until(() => host.frames.filter(({ t }) => t === 'ROUND_RESULT').length === 3, 60_000);
  await shoot('desk', page);
  await page.goto(`${arena.http}/ops/${room}`);
  await page.getByRole('slider').waitFor();
  await shoot('desk-room', page);
  await page.context().close();
}

if (import.meta.main) {
  const crowd = Number(process.argv[2] ?? 30);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const { browser, close } = await openBrowser();
  const arena = await startServing({ LEAD_MS: '6000', INTERMISSION_MS: '60000' });
  const quick = await startServing({ LEAD_MS: '300' });
  for (const colorScheme of ['dark', 'light'] as const) {
    const shoot: Shoot = async (screen, page) => {
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        const path = `${folder}/${screen}-${colorScheme}-${width}.png`;
        // What is fixed to the edge of the picture would stand in the middle of a whole page.
        const fullPage = !screen.startsWith('screen') && !screen.startsWith('host');
        await page.screenshot({ path, fullPage });
      }
    };
    await tour({ browser, arena, crowd, context: { colorScheme }, visit: shoot });
    await visitDesk(browser, quick, colorScheme, shoot);
  }
  await quick.stop();
  await arena.stop();
  await close();
  console.log(`pictures are in ${folder}/`);
  process.exit();
}
