// Types, lint and format: `npm run check`. Ends with a non-zero code when one of them objects.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// What was checked before is not checked again while nothing that it rests on has changed. One thread of it
// takes a third less CPU than four, and the tests run beside it.
const tsc = (project: string, kept: string) => [
  'node_modules/typescript/bin/tsc',
  ...['-p', project, '--singleThreaded', '--incremental', '--tsBuildInfoFile', `.arena/${kept}.tsbuildinfo`],
];

/** Name and command of each check. */
export const checks: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['types', tsc('.', 'types')],
  ...(existsSync(`${root}server/web/tsconfig.json`)
    ? ([['types of the web page', tsc('server/web', 'page-types')]] as const)
    : []),
  ['lint and format', ['node_modules/@biomejs/biome/bin/biome', 'ci', '--reporter=summary', '.']],
];

/** Runs one check; true if it has no objection. What it says goes to stderr. */
function runCheck(args: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  return status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failed = checks.filter(([, args]) => !runCheck(args)).map(([name]) => name);
  process.stderr.write(
    failed.length === 0 ? 'check: no objection\n' : `check failed: ${failed.join(', ')}\n`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}
