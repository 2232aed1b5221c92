// Finds `valkey-server`, or fetches it for this checkout alone with the system's own package manager, without
// root. Called by whoever starts a Valkey; promises a command that runs, or one sentence that says what to
// do.

import { execFile } from 'node:child_process';
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
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ValkeyBinary {
  readonly command: string;
  /** What to add to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Told one line per step. */
export type Progress = (line: string) => void;

/** There is no Valkey and none could be fetched; the message says what to do. */
export class NoValkey extends Error {
  override readonly name = 'NoValkey';
}

/**
 * In this order: on the PATH, fetched before under `dataDir`, fetched now. May run in several processes at
 * once.
 */
export async function findValkey(dataDir: string, progress: Progress): Promise<ValkeyBinary> {
  const onPath = await findOnPath('valkey-server');
  if (onPath !== null) return { command: onPath, env: {} };
  const home = resolve(dataDir, 'valkey');
  const fetched = await findFetched(home);
  if (fetched !== null) return fetched;
  if ((await findOnPath('apt-get')) === null || (await findOnPath('dpkg')) === null)
    throw new NoValkey(advice());
  progress('fetching valkey-server with the package manager of this system');
  await fetchPackages({ home, packages: ['valkey-server', 'valkey-tools'], progress });
  const now = await findFetched(home);
  if (now === null) throw new NoValkey(advice());
  return now;
}

function advice(): string {
  const how = process.platform === 'darwin' ? 'brew install valkey' : 'install valkey-server 8 or newer';
  return `No valkey-server was found here. Do one of these: ${how}; or set VALKEY_URL to a running Valkey.`;
}

async function findOnPath(name: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (folder !== '' && (await isExecutable(file))) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function findFetched(home: string): Promise<ValkeyBinary | null> {
  const command = join(home, 'usr/bin/valkey-server');
  if (!(await isExecutable(command))) return null;
  return { command, env: { LD_LIBRARY_PATH: (await libraryFolders(home)).join(delimiter) } };
}

/** Folders of shared libraries in an unpacked tree. */
async function libraryFolders(home: string): Promise<string[]> {
  const lib = join(home, 'usr/lib');
  const entries = await readdir(lib, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(lib, entry.name));
  return [lib, ...folders];
}

export interface Fetching {
  /** Where the packages are unpacked; appears whole or not at all. */
  readonly home: string;
  readonly packages: readonly string[];
  readonly progress: Progress;
}

/**
 * Fetches Debian packages with all that they need and unpacks them, in a private apt that leaves the system
 * as it is.
 * @throws NoValkey where apt cannot do it, with its own last words.
 */
async function fetchPackages({ home, packages, progress }: Fetching): Promise<void> {
  const work = `${home}.${process.pid}.tmp`;
  await rm(work, { recursive: true, force: true });
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
    throw new NoValkey(`${packages.join(' and ')} could not be fetched (${last}). ${advice()}`, { cause });
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
  if (codename === undefined || sites[0] === undefined) throw new NoValkey(advice());
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
    `APT::Default-Release=${codename}-backports`,
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}
