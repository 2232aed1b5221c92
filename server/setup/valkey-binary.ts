// Finds `valkey-server`, or fetches it for this checkout alone with the system's own package manager, without
// root. Called where a Valkey is started; promises a command that runs, or one sentence that says what to
// do.

import { delimiter, join, resolve } from 'node:path';
import {
  fetchPackages,
  findOnPath,
  hasApt,
  isExecutable,
  libraryFolders,
  NoPackages,
  type Progress,
} from './private-apt.ts';

export interface ValkeyBinary {
  readonly command: string;
  /** What to add to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

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
  if (!(await hasApt())) throw new NoValkey(advice());
  progress('fetching valkey-server with the package manager of this system');
  await fetchPackages({ home, packages: ['valkey-server', 'valkey-tools'], progress }).catch(
    (cause: unknown) => {
      if (!(cause instanceof NoPackages)) throw cause;
      throw new NoValkey(`${cause.message} ${advice()}`, { cause });
    },
  );
  const now = await findFetched(home);
  if (now === null) throw new NoValkey(advice());
  return now;
}

function advice(): string {
  const how = process.platform === 'darwin' ? 'brew install valkey' : 'install valkey-server 8 or newer';
  return `No valkey-server was found here. Do one of these: ${how}; or set VALKEY_URL to a running Valkey.`;
}

async function findFetched(home: string): Promise<ValkeyBinary | null> {
  const command = join(home, 'usr/bin/valkey-server');
  if (!(await isExecutable(command))) return null;
  return { command, env: { LD_LIBRARY_PATH: (await libraryFolders(home)).join(delimiter) } };
}
