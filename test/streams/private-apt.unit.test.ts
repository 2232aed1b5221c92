import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { libraryFolders } from '../../streams/private-apt.ts';

test('libraries of an unpacked package are found in its private folders as well', async () => {
  const home = mkdtempSync(join(tmpdir(), 'arena-libraries-'));
  const files = [
    'libc.so.6',
    'x86_64-linux-gnu/libpulse.so',
    'x86_64-linux-gnu/pulseaudio/libcommon-16.1.so',
  ];
  for (const file of [...files, 'chromium/resources.pak']) {
    mkdirSync(dirname(join(home, 'usr/lib', file)), { recursive: true });
    writeFileSync(join(home, 'usr/lib', file), '');
  }
  const folders = await libraryFolders(home);
  rmSync(home, { recursive: true });
  expect(folders).toEqual(files.map((file) => dirname(join(home, 'usr/lib', file))).sort());
});
