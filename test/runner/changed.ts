// Which tests a developer's loop runs: those of `.unit` and `.int` that import what this branch or this
// working folder changed, and how we write. Those that took longest before are left out where all together
// would take more than a minute.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { secondsOf, suffixOf } from './order.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Of work, as two processes share it; the rest of the minute is the looking and the starting. */
const secondsMax = 70;
const always = 'test/tidy.unit.test.ts';
const Listed = z.array(z.object({ file: z.string() }));

export interface Changed {
  readonly run: readonly string[];
  readonly leftOut: readonly string[];
}

/** `folder` is for what vitest says. */
export function changedTests(folder: string): Changed {
  const listed = join(folder, 'changed.json');
  const vitest = ['node_modules/vitest/vitest.mjs', 'list', '--config', 'test/vitest.config.ts'];
  const projects = ['unit', 'int', 'apart'].map((name) => `--project=${name}`);
  const asked = [...projects, '--filesOnly', `--json=${listed}`];
  const { status } = spawnSync(process.execPath, [...vitest, ...asked, '--changed', base()], {
    cwd: root,
    stdio: ['ignore', 'ignore', 2],
  });
  if (status !== 0) throw new Error('vitest could not say what changed');
  const files = Listed.parse(JSON.parse(readFileSync(listed, 'utf8'))).map(({ file }) =>
    relative(root, file),
  );
  return within([...new Set([always, ...files])]);
}

/** Where this branch left the main one; the last commit where it is that, or where there is none. */
function base(): string {
  const { stdout } = spawnSync('git', ['merge-base', 'HEAD', 'main'], { cwd: root, encoding: 'utf8' });
  return stdout.trim() || 'HEAD';
}

/** Short files first, those that need nothing before all others. */
function within(files: readonly string[]): Changed {
  const run: string[] = [];
  let seconds = 0;
  const first = (file: string) => Number(suffixOf(file) !== 'unit');
  for (const file of files.toSorted((a, b) => first(a) - first(b) || secondsOf(a) - secondsOf(b))) {
    seconds += secondsOf(file);
    if (seconds > secondsMax) break;
    run.push(file);
  }
  return { run, leftOut: files.filter((file) => !run.includes(file)) };
}
