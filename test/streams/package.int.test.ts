// The engine as a package: what is in it, what its types refuse, and whether a program that knows nothing but
// the package keeps the engine's promise while it is killed.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Installed, installPackage, type Node, nodesHere } from '../support/package.ts';
import { connectTo, startTestValkey } from '../support/valkey.ts';

const nodeMajorMin = 22;
const isOld = ({ version }: Node) => Number(version.slice(1).split('.')[0]) < nodeMajorMin;
const orders = 20;
const program = new URL('./package/orders.ts', import.meta.url);
const kit = new URL('./package/kit.ts', import.meta.url);
const wrong = new URL('./package/wrong.ts', import.meta.url);

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
}, 240_000);
afterAll(() => installed?.remove());

test('the package has code, types and Lua, names what it imports, and nothing else', () => {
  const { files, manifest } = installed;
  expect(manifest).toMatchObject({ name: 'agent-arena-streams', engines: { node: `>=${nodeMajorMin}` } });
  expect(Object.keys(manifest.dependencies)).toEqual(['cluster-key-slot', 'iovalkey', 'ulid', 'zod']);
  for (const file of ['engine', 'parts', 'admin', 'testing']) {
    expect(files).toEqual(expect.arrayContaining([`${file}.js`, `${file}.d.ts`]));
  }
  expect(files.filter((file) => file.endsWith('.lua'))).toEqual(
    ['commit-arguments', 'commit', 'consume', 'shared', 'streams'].map((name) => `valkey/${name}.lua`),
  );
  const rest = files.filter((file) => !/\.(js|d\.ts|lua)$/.test(file));
  expect(rest.filter((file) => !file.startsWith('examples/'))).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'package.json',
  ]);
  expect(files.filter((file) => file.startsWith('examples/'))).toEqual([
    'examples/orders/README.md',
    'examples/orders/shop.ts',
    'examples/research/README.md',
    'examples/research/research.ts',
  ]);
  expect(files.filter((file) => file.startsWith('pack/'))).toEqual([]);
});

test('a wrong name of an event or a command does not compile, and nothing else is refused', async () => {
  const said = await installed.compile(wrong);
  const lines = (await readFile(wrong, 'utf8')).split('\n');
  const refused = lines.flatMap((line, index) => (line.endsWith('// refused') ? [index + 1] : []));
  const objected = [...said.matchAll(/^(\S+?)\((\d+),\d+\): error/gm)];
  expect(new Set(objected.map(([, file]) => file))).toEqual(new Set(['wrong.ts']));
  expect(objected.map(([, , line]) => Number(line))).toEqual(refused);
});

const Told = z.object({
  node: z.string(),
  paid: z.number(),
  inMemory: z.array(z.unknown()),
  logs: z.array(z.array(z.string())),
});

describe('a program that has the package alone', () => {
  beforeAll(async () => {
    for (const one of [program, kit]) expect(await installed.compile(one)).toBe('');
  }, 120_000);

  const nodes = nodesHere();
  for (const { version } of nodes.filter(isOld)) {
    console.log(`the package is not tried on Node ${version}: it asks for ${nodeMajorMin} or newer`);
  }

  const young = nodes.filter((node) => !isOld(node));

  test.each(young)('has rules, agents, crashes and logs tried on Node $version', async ({ command }) => {
    const { code, stdout, stderr } = await ended(command, [join(installed.folder, 'out/kit.js')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      rule: 'holds',
      brokenRule: expect.stringContaining('events[0].type is "Paid", not "Placed"'),
      expired: 'placed, then expired',
      crashes: 'holds',
      brokenCrashes: expect.stringContaining('when its process dies after the outside call pay'),
      log: 0,
      brokenLog: 'some',
    });
  });

  test.each(young)(
    'does everything once on Node $version, killed between an effect and its acknowledgement',
    async ({ command, version }) => {
      const valkey = await startTestValkey();
      const live = (...args: string[]) =>
        ended(command, [join(installed.folder, 'out/orders.js'), valkey.url, String(orders), ...args]);
      try {
        for (let life = 1; life <= 2; life++) expect((await live('5')).signal).toBe('SIGKILL');
        const { code, stdout, stderr } = await live();
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        const told = Told.parse(JSON.parse(stdout));
        expect(told).toMatchObject({ node: version, inMemory: [] });
        expect(told.paid).toBeGreaterThan(0);
        expect(told.logs).toEqual(Array(orders).fill(['OrderPlaced', 'OrderPaid']));
        expect(await entriesIn(valkey.url)).toEqual(Array(orders).fill(2));
      } finally {
        await valkey.stop();
      }
    },
  );
});

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(command: string, args: readonly string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const child = execFile(command, args, (_error, stdout, stderr) =>
    resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr }),
  );
  return promise;
}

/** Of each log, asked of Valkey itself. */
async function entriesIn(url: string): Promise<number[]> {
  const commands = await connectTo(url);
  const logs = Array.from({ length: orders }, (_, index) => `orders:events:order-${index}`);
  const counts = await Promise.all(logs.map((log) => commands.xlen(log)));
  commands.disconnect();
  return counts;
}
