// `npm run screens`: a picture of every screen, on a phone, a laptop and a big screen, into `.screens/`.

import { mkdirSync, rmSync } from 'node:fs';
import { openBrowser } from '../support/chromium.ts';
import { startServing } from '../support/serving.ts';
import { tour } from '../support/tour.ts';

const sizes = [
  [360, 740],
  [1280, 800],
  [1920, 1080],
] as const;
const folder = '.screens';

if (import.meta.main) {
  const crowd = Number(process.argv[2] ?? 30);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const { browser, close } = await openBrowser();
  const arena = await startServing({ LEAD_MS: '6000', INTERMISSION_MS: '60000' });
  for (const colorScheme of ['dark', 'light'] as const) {
    await tour({
      browser,
      arena,
      crowd,
      context: { colorScheme },
      async visit(screen, page) {
        for (const [width, height] of sizes) {
          await page.setViewportSize({ width, height });
          const path = `${folder}/${screen}-${colorScheme}-${width}.png`;
          await page.screenshot({ path, fullPage: !screen.startsWith('screen') });
        }
      },
    });
  }
  await arena.stop();
  await close();
  console.log(`pictures are in ${folder}/`);
  process.exit();
}
