// Why a server ended, out of the last lines of its log. The last one often says only that it ends: "Can't
// recover from AOF write error. Exiting" comes after the line that names the full disk.

// What the system refuses, in its own words; a write that found room for its first half alone; files that
// cannot be read.
const reasons =
  /No space left on device|Disk quota exceeded|Read-only file system|Permission denied|Operation not permitted|Input\/output error|File too large|Too many open files|Cannot allocate memory|Short write while writing|reading the append only file|Unrecoverable error/i;

/** What stands before each line: process, role and time. */
const stamp = /^\d+:\w \d+ \w+ \d+ [\d:.]+ [.*#-] /;

/** One line; empty where nothing was said. */
export function reasonIn(words: string): string {
  const lines = words
    .trim()
    .split('\n')
    .map((line) => line.replace(stamp, '').trim());
  return lines.findLast((line) => reasons.test(line)) ?? lines.at(-1) ?? '';
}
