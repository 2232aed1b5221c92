// Finds strace: the system's, or Debian's fetched for this checkout alone, without root.

import { resolve } from 'node:path';
import { fetchPackages, findOnPath, isExecutable } from '../../../server/setup/private-apt.ts';

/** The name of the file to write into follows the arguments. Throws NoPackages where it cannot be had. */
export async function findStrace(dataDir: string): Promise<{ command: string; args: readonly string[] }> {
  const args = ['-f', '-qq', '-e', 'trace=openat,write,fdatasync,fsync', '-s', '0', '-o'];
  const onPath = await findOnPath('strace');
  if (onPath !== null) return { command: onPath, args };
  const home = resolve(dataDir, 'strace');
  const command = resolve(home, 'usr/bin/strace');
  if (!(await isExecutable(command))) {
    await fetchPackages({ home, packages: ['strace'], progress: () => undefined });
  }
  return { command, args };
}
