// Prometheus' own checker of measurements: the system's, or Debian's fetched for this checkout alone, without
// root.

import { execFile } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';
import {
  fetchPackages,
  findOnPath,
  isExecutable,
  libraryFolders,
  type Progress,
} from '../../server/setup/private-apt.ts';

interface Promtool {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Fetches it where there is none. Throws NoPackages with the reason where that cannot be. */
export async function findPromtool(dataDir: string, progress: Progress): Promise<Promtool> {
  const onPath = await findOnPath('promtool');
  if (onPath !== null) return { command: onPath, env: {} };
  const home = resolve(dataDir, 'prometheus');
  const command = join(home, 'usr/bin/promtool');
  if (!(await isExecutable(command))) {
    progress('fetching promtool with the package manager of this system');
    await fetchPackages({ home, packages: ['prometheus'], progress });
  }
  return { command, env: { LD_LIBRARY_PATH: (await libraryFolders(home)).join(delimiter) } };
}

/** What `promtool check metrics` has to say of a page; empty where it has no objection. */
export async function objectionsTo(text: string): Promise<string> {
  const { command, env } = await findPromtool('.arena', () => undefined);
  const { promise, resolve: said } = Promise.withResolvers<string>();
  const child = execFile(
    command,
    ['check', 'metrics'],
    { env: { ...process.env, ...env } },
    (error, out, err) => said(error === null && err === '' ? out : `${out}${err}${error ?? ''}`),
  );
  child.stdin?.end(text);
  return promise;
}
