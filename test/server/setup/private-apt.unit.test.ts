import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { fetchPackages, hasApt, libraryFolders } from '../../../server/setup/private-apt.ts';

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

const apt = `#!/bin/sh
for word; do
  case $word in
    Dir::Cache=*) cache=\${word#Dir::Cache=} ;;
    indextargets) echo http://mirror.invalid ;;
    install) echo package > "$cache/archives/one.deb" ;;
  esac
done
`;
const dpkg = `#!/bin/sh
mkdir -p "$3/usr" && cp "$2" "$3/usr/one"
`;

test.skipIf(!(await hasApt()))('packages may be fetched several times at once by one process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'arena-apt-'));
  for (const [name, text] of Object.entries({ 'apt-get': apt, dpkg })) {
    writeFileSync(join(folder, name), text, { mode: 0o755 });
  }
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
  const home = join(folder, 'home');
  const fetching = { home, packages: ['one'], progress: () => undefined };
  await Promise.all(Array.from({ length: 6 }, () => fetchPackages(fetching)));
  vi.unstubAllEnvs();
  expect(readdirSync(folder).sort()).toEqual(['apt-get', 'dpkg', 'home']);
  expect(readdirSync(join(home, 'usr'))).toEqual(['one']);
  rmSync(folder, { recursive: true });
});
