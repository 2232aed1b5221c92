// Plants the bug that the environment names into this process: a preload (`node --import`) for workers of
// tests and for all processes that they start. What Node loads as code is patched as it is loaded, and so is
// the Lua that the engine reads from its files.

import fs from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bugVariable, laidOver } from './bug.ts';
import { bugs } from './bugs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const name = process.env[bugVariable];
const bug = bugs.find((one) => one.name === name);
if (bug === undefined) throw new Error(`no planted bug is called ${name}`);
const files = new Set(bug.patches.map(({ file }) => file));

/** The file as the project names it, where it is one to be patched; else null. */
const patchedFile = (path: string): string | null => {
  const file = path.startsWith(root) ? path.slice(root.length) : '';
  return files.has(file) ? file : null;
};

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const file = url.startsWith('file:') ? patchedFile(fileURLToPath(url)) : null;
    if (file === null) return loaded;
    return { ...loaded, source: laidOver(bug, file, fs.readFileSync(fileURLToPath(url), 'utf8')) };
  },
});

const { readFileSync } = fs;
fs.readFileSync = ((path: Parameters<typeof readFileSync>[0], ...rest: [BufferEncoding]) => {
  const read = readFileSync(path, ...rest);
  const from = path instanceof URL ? fileURLToPath(path) : String(path);
  const file = from.endsWith('.lua') ? patchedFile(from) : null;
  return file === null ? read : laidOver(bug, file, String(read));
}) as typeof readFileSync;
syncBuiltinESMExports();
