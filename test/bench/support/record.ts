// Runs a benchmark in a process of its own, so that none is slowed or warmed up by the one before, and keeps
// the JSON it ends with.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bench.ts', import.meta.url));

/** With `json` the last line is printed, too; with `record` it becomes `results/<name>.json`. */
export function runInOwnProcess(name: string, { record, json }: { record: boolean; json: boolean }): void {
  const { status, stdout } = spawnSync(process.execPath, [program, name, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`the benchmark ${name} broke off with ${status}`);
  const lines = stdout.trimEnd().split('\n');
  const last = lines.pop() ?? '';
  console.log(`\n## ${name}\n\n${lines.join('\n')}`);
  if (json) console.log(last);
  if (record) writeFileSync(new URL(`../results/${name}.json`, import.meta.url), keptAs(last));
}

/** A row a line, so that a change can be read. */
export function keptAs(json: string): string {
  const { rows, ...head } = JSON.parse(json) as { rows: readonly unknown[] };
  const lines = rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"rows":[\n${lines}\n]}\n`;
}
