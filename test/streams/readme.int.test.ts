// The front page of the engine, taken at its word: its example is installed, compiled and run as it stands
// there, killed, and run to its end.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installed, installPackage } from '../support/package.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

const page = new URL('../../streams/README.md', import.meta.url);

let installed: Installed;
let valkey: TestValkey;
beforeAll(async () => {
  [installed, valkey] = await Promise.all([installPackage(), startTestValkey()]);
}, 240_000);
afterAll(async () => {
  await Promise.all([installed?.remove(), valkey?.stop()]);
});

/** The example as a program; `killedAt`: a line of its own output after which it is killed. */
function run(killedAt: string | null): Promise<{ readonly lines: string[]; readonly signal: string | null }> {
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof run>>>();
  const lines: string[] = [];
  const env = { ...process.env, VALKEY_URL: valkey.url };
  const child = execFile(process.execPath, [join(installed.folder, 'out/workflow.js')], { env }, () =>
    resolve({ lines, signal: child.signalCode }),
  );
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line !== ''));
    if (killedAt !== null && lines.some((line) => line.startsWith(killedAt))) child.kill('SIGKILL');
  });
  return promise;
}

test('the workflow of the front page compiles, is killed, and prints what the page says', async () => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(await readFile(page, 'utf8')) ?? [];
  const folder = join(installed.folder, 'page');
  await mkdir(folder);
  await writeFile(join(folder, 'workflow.ts'), code);
  expect(await installed.compile(pathToFileURL(join(folder, 'workflow.ts')))).toBe('');
  expect((await run('1 ')).signal).toBe('SIGKILL');
  const whole = ['1 Asked engine', '2 Booked booking', '3 Confirmed letters'];
  expect(await run(null)).toEqual({ lines: whole, signal: null });
  expect(await run(null)).toEqual({ lines: whole, signal: null });
}, 120_000);
