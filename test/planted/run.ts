// `npm run planted`: plants each bug, runs the test that is said to catch it, and expects red; the same
// tests without any bug have to be green. Then `CAUGHT.md` is written anew. `-- name …` does so for these
// alone and writes nothing; `-- --look name file …` says which tests of these files go red under a bug.

import { writeFileSync } from 'node:fs';
import type { Bug } from './bug.ts';
import { bugs } from './bugs.ts';
import { tableOf } from './table.ts';
import { type Trial, type Tried, tryAll } from './try.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function bugOf(name: string | undefined): Bug {
  const bug = bugs.find((one) => one.name === name);
  if (bug === undefined) throw new Error(`no planted bug is called ${name}`);
  return bug;
}

async function look([name, ...files]: readonly string[]): Promise<void> {
  const bug = bugOf(name);
  const tell = ({ file }: Trial, tried: readonly Tried[]) => {
    say(`${file}: ${tried.length} tests`);
    for (const { test, came, said } of tried) if (came !== 'green') say(`  ${came}: ${test}\n      ${said}`);
  };
  await tryAll(
    files.map((file) => ({ bug, file, tests: null })),
    tell,
  );
}

/** How many were not caught, and how many of the tests are not green without a bug. */
async function catchAll(planted: readonly Bug[]): Promise<number> {
  let wrong = 0;
  const tell = ({ bug, file }: Trial, tried: readonly Tried[]) => {
    const expected = bug === null ? 'green' : 'red';
    for (const { test, came, said } of tried) {
      if (came === expected && bug === null) continue;
      if (came !== expected) wrong += 1;
      const what = came === expected ? 'caught' : `NOT ${bug === null ? 'GREEN' : 'CAUGHT'}, ${came}`;
      say(`${what}: ${bug?.name ?? 'no bug'}, by ${file}: ${test}\n    ${said}`);
    }
  };
  const sound = Map.groupBy(planted, ({ caughtBy }) => caughtBy.file);
  await tryAll(
    [
      ...planted.map((bug) => ({ bug, file: bug.caughtBy.file, tests: [bug.caughtBy.test] })),
      ...[...sound].map(([file, ofFile]) => {
        return { bug: null, file, tests: [...new Set(ofFile.map(({ caughtBy }) => caughtBy.test))] };
      }),
    ],
    tell,
  );
  return wrong;
}

const [first, ...others] = process.argv.slice(2);
if (first === '--look') {
  await look(others);
} else {
  const planted = first === undefined ? bugs : [first, ...others].map(bugOf);
  const wrong = await catchAll(planted);
  say(`${planted.length} planted, ${wrong} not as they should be`);
  if (first === undefined && wrong === 0) {
    writeFileSync(new URL('CAUGHT.md', import.meta.url), tableOf(bugs));
  }
  process.exitCode = wrong === 0 ? 0 : 1;
}
