// What is kept on disk holds the answers to questions that were not asked yet. Other users of the
// machine do not read it: folders are 0700, files 0600, also those that older versions made.

import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const othersBits = 0o077;

/** Takes the rights of others from a file, or a folder and all in it; gives what could not be closed. */
export async function closeToOthers(path: string): Promise<string[]> {
  const found = await lstat(path).catch(orGone);
  if (found === null || found.isSymbolicLink()) return [];
  const open: string[] = [];
  if ((found.mode & othersBits) !== 0) {
    await chmod(path, found.mode & 0o700).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EPERM') open.push(path);
      else orGone(error);
    });
  }
  if (!found.isDirectory()) return open;
  // From the top: what is below a closed folder can wait.
  for (const name of (await readdir(path).catch(orGone)) ?? []) {
    open.push(...(await closeToOthers(join(path, name))));
  }
  return open;
}

/** The server takes files away while we look. */
function orGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
