// A real Chromium for the tests: the system's, or Debian's fetched for this checkout alone, without root.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import {
  fetchPackages,
  findOnPath,
  isExecutable,
  libraryFolders,
  type Progress,
} from '../../server/setup/private-apt.ts';

interface Chromium {
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
}

// The second brings letters where a machine has none, the third the pictures of the emoji topic.
const packages = ['chromium', 'fonts-dejavu-core', 'fonts-noto-color-emoji'];

/** Fetches it where there is none. Throws NoPackages with the reason where that cannot be. */
export async function findChromium(dataDir: string, progress: Progress): Promise<Chromium> {
  const onPath = (await findOnPath('chromium')) ?? (await findOnPath('chromium-browser'));
  if (onPath !== null) return { executable: onPath, env: {} };
  const home = resolve(dataDir, 'chromium');
  const executable = join(home, 'usr/lib/chromium/chromium');
  if (!(await isExecutable(executable))) {
    progress('fetching chromium with the package manager of this system');
    await fetchPackages({ home, packages, progress });
  }
  const fonts = join(home, 'fonts.conf');
  await writeFile(fonts, fontsConf(home));
  const libraries = [...(await libraryFolders(home)), join(home, 'usr/lib/chromium')];
  return { executable, env: { LD_LIBRARY_PATH: libraries.join(delimiter), FONTCONFIG_FILE: fonts } };
}

const fontsConf = (home: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(home, 'usr/share/fonts')}</dir>
  <cachedir>${join(home, 'font-cache')}</cachedir>
</fontconfig>
`;

export interface OpenBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** A browser with a profile of its own that knows nothing and calls nobody. */
export async function openBrowser(): Promise<OpenBrowser> {
  const { executable, env } = await findChromium('.arena', () => undefined);
  const home = await mkdtemp(join(tmpdir(), 'arena-chromium-'));
  const flags = [
    'no-sandbox',
    'disable-gpu',
    'disable-quic',
    'no-first-run',
    'disable-background-networking',
  ];
  const browser = await chromium.launch({
    executablePath: executable,
    headless: true,
    args: [...flags, 'disable-component-update', 'disable-sync', 'disable-dev-shm-usage'].map(
      (flag) => `--${flag}`,
    ),
    env: { ...process.env, ...env, HOME: home },
  });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The source of axe, to be run inside a page. */
export const axeSource = (): Promise<string> =>
  readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
