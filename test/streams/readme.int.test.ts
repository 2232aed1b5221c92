// The front page of the engine, taken at its word: each block of code, whose first line names its file, is
// compiled against the installed package and run as it stands there.

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Installed, installPackage } from '../support/package.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

const page = new URL('../../streams/README.md', import.meta.url);

let installed: Installed;
let valkey: TestValkey;
beforeAll(async () => {
  [installed, valkey] = await Promise.all([installPackage(), startTestValkey()]);
  const blocks = (await readFile(page, 'utf8')).matchAll(/```ts\n(\/\/ (\S+)\n[\s\S]*?)```/g);
  for (const [, code = '', file = ''] of blocks) await writeFile(join(installed.folder, file), code);
}, 240_000);
afterAll(async () => {
  await Promise.all([installed?.remove(), valkey?.stop()]);
});

/** One of its programs; `killedAt`: a line of its own output after which it is killed. */
function run(program: string, killedAt: string | null = null): Promise<{ lines: string[]; ended: unknown }> {
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof run>>>();
  const lines: string[] = [];
  const env = { ...process.env, VALKEY_URL: valkey.url };
  const args = [join(installed.folder, program)];
  const child = execFile(process.execPath, args, { env }, (_error, _stdout, stderr) =>
    resolve({ lines, ended: child.signalCode ?? { code: child.exitCode, stderr } }),
  );
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    lines.push(...text.split('\n').filter((line) => line !== ''));
    if (killedAt !== null && lines.some((line) => line.startsWith(killedAt))) child.kill('SIGKILL');
  });
  return promise;
}

const well = { code: 0, stderr: '' };

test('every block of code on the front page is one of its programs', async () => {
  const blocks = (await readFile(page, 'utf8')).match(/```(ts|js|typescript|javascript)\b.*\n.*/g);
  expect(blocks).toEqual(['trips', 'workflow', 'trips.test'].map((name) => `\`\`\`ts\n// ${name}.ts`));
});

test('the workflow compiles, is killed, and prints what the page says', async () => {
  expect(await installed.compile('workflow.ts')).toBe('');
  expect((await run('out/workflow.js', '1 ')).ended).toBe('SIGKILL');
  const whole = ['1 Asked engine', '2 Booked booking', '3 Confirmed letters'];
  expect(await run('out/workflow.js')).toEqual({ lines: whole, ended: well });
  expect(await run('out/workflow.js')).toEqual({ lines: whole, ended: well });
}, 120_000);

test('its tests compile, and hold as they stand', async () => {
  expect(await installed.compile('trips.test.ts')).toBe('');
  const { lines, ended } = await run('trips.test.ts');
  expect({ lines, ended }).toEqual({ lines: [expect.stringMatching(/at each of \d\d steps$/)], ended: well });
}, 120_000);
