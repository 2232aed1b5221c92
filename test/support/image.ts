// The files of the image without Docker: what the Dockerfile copies, and the packages that it installs, in a
// folder of their own.

import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8');

const Lock = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().default(false) })) });

/** What is copied out of the checkout, and by which steps, in order. */
export async function copied(): Promise<{ installing: string[]; running: string[] }> {
  const [installing = '', running = ''] = (await read('Dockerfile')).split(/^FROM .*$/m).slice(1);
  const sources = (stage: string) =>
    [...stage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((line) => line[1]?.split(' ') ?? []);
  return { installing: sources(installing), running: sources(running) };
}

/** What `npm ci --omit=dev` installs at the top, less what the image takes out again. */
async function packages(): Promise<string[]> {
  const { packages: all } = Lock.parse(JSON.parse(await read('package-lock.json')));
  return Object.entries(all).flatMap(([path, { dev }]) => {
    const name = path.split('node_modules/')[1] ?? '';
    const top = path === `node_modules/${name}`;
    return top && !dev && !name.startsWith('node-linux-') ? [name] : [];
  });
}

export interface ImageFiles {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Packages are links: they find their own dependencies where they really are. */
export async function layOutImage(): Promise<ImageFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-image-'));
  for (const source of (await copied()).running) {
    await cp(join(root, source), join(folder, source), { recursive: true });
  }
  for (const name of await packages()) {
    const target = join(folder, 'node_modules', name);
    await mkdir(dirname(target), { recursive: true });
    await symlink(join(root, 'node_modules', name), target);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
