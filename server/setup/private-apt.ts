// Debian packages without root: fetched with all that they need by a private apt that leaves the system as it
// is, and unpacked into a folder of this checkout. Used for the Valkey that comes along, and by the tests.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  access,
  constants,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Told one line per step. */
export type Progress = (line: string) => void;

/** Packages could not be fetched; the message says which and why. */
export class NoPackages extends Error {
  override readonly name = 'NoPackages';
}

/** True where `fetchPackages` may work. */
export async function hasApt(): Promise<boolean> {
  return (await findOnPath('apt-get')) !== null && (await findOnPath('dpkg')) !== null;
}

/** The file of a command on the PATH, or null. */
export async function findOnPath(name: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (folder !== '' && (await isExecutable(file))) return file;
  }
  return null;
}

export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Folders of shared libraries in an unpacked tree, as LD_LIBRARY_PATH wants them. Some libraries keep others
 * in a folder of their own, which they look for only where they would have been installed.
 */
export async function libraryFolders(home: string): Promise<string[]> {
  const options = { recursive: true, withFileTypes: true } as const;
  const entries = await readdir(join(home, 'usr/lib'), options).catch(() => []);
  const libraries = entries.filter(({ name }) => /\.so(\.|$)/.test(name));
  return [...new Set(libraries.map(({ parentPath }) => parentPath))].sort();
}

export interface Fetching {
  /** Where the packages are unpacked; appears whole or not at all. */
  readonly home: string;
  readonly packages: readonly string[];
  readonly progress: Progress;
}

/**
 * Fetches packages and unpacks them. May run several times at once, in one process and in others.
 * @throws NoPackages where apt cannot do it, with its own last words.
 */
export async function fetchPackages({ home, packages, progress }: Fetching): Promise<void> {
  const work = `${home}.${randomUUID()}.tmp`;
  const options = await privateApt(work);
  try {
    progress('reading the list of packages');
    await run('apt-get', [...options, 'update'], { maxBuffer: 1 << 24 });
    progress(`downloading ${packages.join(', ')}`);
    const install = ['-y', '-d', '--no-install-recommends', 'install', ...packages];
    await run('apt-get', [...options, ...install], { maxBuffer: 1 << 24 });
    progress('unpacking');
    const archives = join(work, 'cache/archives');
    const tree = join(work, 'tree');
    await mkdir(tree, { recursive: true });
    for (const file of (await readdir(archives)).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg', ['-x', join(archives, file), tree]);
    }
    await rename(tree, home).catch(async (error: NodeJS.ErrnoException) => {
      // Another process was faster; what it fetched is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (cause) {
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    const last = words.split('\n').at(-1) ?? '';
    throw new NoPackages(`${packages.join(' and ')} could not be fetched (${last}).`, { cause });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * A private apt: the mirror that this system uses, this release and its backports, lists and cache of our
 * own.
 */
async function privateApt(work: string): Promise<string[]> {
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    await mkdir(join(work, folder), { recursive: true });
  }
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(SITE)']);
  const sites = [...new Set(stdout.split('\n'))].filter((site) => site !== '' && !site.includes('security'));
  if (codename === undefined || sites[0] === undefined) throw new NoPackages('apt names no mirror here.');
  const suites = [codename, `${codename}-backports`];
  const lines = suites.map((suite) => `deb ${sites[0]} ${suite} main`);
  await writeFile(join(work, 'sources.list'), `${lines.join('\n')}\n`);
  // A copy, because apt takes what is installed along only where the status says that it is missing.
  await copyFile('/var/lib/dpkg/status', join(work, 'status'));
  const settings = [
    `Dir::Etc::sourcelist=${work}/sources.list`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${work}/lists`,
    `Dir::State::status=${work}/status`,
    `Dir::Cache=${work}/cache`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
    // A mirror that stumbles is asked again; what it gives is checked all the same.
    'Acquire::Retries=3',
    `APT::Default-Release=${codename}-backports`,
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}
