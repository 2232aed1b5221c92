// Which test catches which planted bug, as `CAUGHT.md` has it.

import type { Bug } from './bug.ts';

export function tableOf(bugs: readonly Bug[]): string {
  const rows = bugs.map(({ name, does, patches, caughtBy: { file, test } }) => {
    const places = [...new Set(patches.map((patch) => `\`${patch.file}\``))].join(', ');
    return `| \`${name}\` | ${does} | ${places} | \`${file}\`: ${test} |`;
  });
  return [
    '# Planted bugs, and what catches them',
    '',
    `${bugs.length} classic mistakes, each laid over the source while a test loads it. \`npm run planted\` plants each one,`,
    'runs the test that stands beside it here, expects it red by an assertion, expects it green without the bug,',
    'and writes this page. `test/planted/bugs/` has the patches.',
    '',
    '| bug | the mistake | where | caught by |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
