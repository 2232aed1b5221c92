// `npm start`, begun by start.sh: takes the program as it was bundled after the last start, if no file
// that went into it has changed since, else the sources. Plain JavaScript that loads nothing: it stands
// before all else.

import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setSourceMapsEnabled } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const checkout = fileURLToPath(new URL('../../..', import.meta.url));

/** The folder of the bundle; null where there is none, or one of other sources. */
function keptProgram() {
  try {
    const pointer = join(checkout, '.arena', 'program', 'kept.json');
    const { folder, sources } = JSON.parse(readFileSync(pointer, 'utf8'));
    for (const [path, [size, mtimeMs]] of Object.entries(sources)) {
      const now = statSync(join(checkout, path), { throwIfNoEntry: false });
      if (now === undefined || now.size !== size || now.mtimeMs !== mtimeMs) return null;
    }
    return join(dirname(pointer), folder);
  } catch {
    // None yet, or one that another version wrote.
    return null;
  }
}

const kept = keptProgram();
if (kept === null) await import('./start.ts');
else {
  // For the processes that this one forks, and for what bundles anew.
  process.env['ARENA_PROGRAM'] = join(kept, 'cli', 'arena.mjs');
  setSourceMapsEnabled(true);
  await import(pathToFileURL(join(kept, 'cli', 'up', 'start.mjs')).href);
}
