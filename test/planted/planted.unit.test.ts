// The planted bugs are planted where they say, their table is the list, and the quick ones are caught here;
// `npm run planted` runs all.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { laidOver } from './bug.ts';
import { bugs } from './bugs.ts';
import { tableOf } from './table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');

describe('a planted bug', () => {
  test.each(bugs.map((bug) => [bug.name, bug] as const))(
    '%s finds its places in the source',
    (_name, bug) => {
      for (const file of new Set(bug.patches.map((patch) => patch.file))) {
        expect(laidOver(bug, file, read(file))).not.toBe(read(file));
      }
    },
  );

  test('whose place is gone, or is there twice, is a failure', () => {
    const bug = { name: 'b', patches: [{ file: 'a.ts', find: 'one', put: 'two' }] };
    expect(laidOver(bug, 'a.ts', 'one $& three')).toBe('two $& three');
    expect(laidOver(bug, 'other.ts', 'nothing')).toBe('nothing');
    expect(() => laidOver(bug, 'a.ts', 'three')).toThrow('finds its text 0 times in a.ts');
    expect(() => laidOver(bug, 'a.ts', 'one one')).toThrow('finds its text 2 times in a.ts');
  });

  test('has a name of its own, and there are enough of them', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
    expect(bugs.length).toBeGreaterThanOrEqual(25);
  });

  test('stands in the table with the test that catches it: `npm run planted` writes it', () => {
    expect(read('test/planted/CAUGHT.md')).toBe(tableOf(bugs));
  });
});

// Of each subject some, all in one start of the runner.
const quick = [
  'replies-in-another-order',
  'older-fold-kept',
  'once-not-kept',
  'tail-begins-late',
  'late-answer-scored',
];

test('the quick ones are caught, and their tests are green without them', () => {
  const args = [fileURLToPath(new URL('run.ts', import.meta.url)), ...quick];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect(stdout).toContain(`${quick.length} planted, 0 not as they should be`);
  expect(status).toBe(0);
}, 60_000);
