// The threat model names a test for each threat, and each test is there; and what holds of whole files: what
// the lock pins, what the pages make of texts, what fetches.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readArchive } from '../../server/operate/archive.ts';
import { createLog } from '../../server/telemetry/log.ts';
import { namedIn, whyNone } from '../support/named-tests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(root + path, 'utf8');
const filesIn = (folder: string, ending: RegExp) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path))
    .map((path) => ({ path: `${folder}/${path}`, text: read(`${folder}/${path}`) }));

describe('the threat model', () => {
  const rows = read('SECURITY.md')
    .split('\n')
    .filter((line) => /^\| \d+ [STRIDE] \|/.test(line));

  test('names a test for each threat', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => namedIn(row.split('|').at(-2) ?? '').length === 0)).toEqual([]);
    expect(rows.map((row) => Number(/\d+/.exec(row)))).toEqual(rows.map((_, at) => at + 1));
  });

  test('names no test that is not there', () => {
    expect(namedIn(read('SECURITY.md')).flatMap((one) => whyNone(one) ?? [])).toEqual([]);
  });

  test('and that is told of a file and of a title that are gone', () => {
    const file = 'test/security/papers.unit.test.ts';
    expect(whyNone({ file: 'test/gone.unit.test.ts', title: 'x' })).toContain('is not there');
    expect(whyNone({ file, title: 'names a test for each thread' })).toContain('has no test');
    expect(whyNone({ file, title: 'names a test for each threat' })).toBeNull();
  });
});

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string(), integrity: z.string().optional(), resolved: z.string().optional() }),
  ),
});

test.each(['package-lock.json', 'test/bench/peers/package-lock.json'])(
  'each package of %s is pinned to one version and one hash',
  (lock) => {
    const { packages } = Lock.parse(JSON.parse(read(lock)));
    const named = Object.entries(packages).filter(([path]) => path !== '');
    const loose = named.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
    expect(loose.map(([path]) => path)).toEqual([]);
    // Which registry has them is told by the hash, not by an address that somebody wrote here.
    expect(named.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  },
);

test('no file of the pages makes markup of a text', () => {
  const markup = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc/;
  const files = filesIn('server/web', /\.(ts|tsx)$/);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter(({ text }) => markup.test(text)).map(({ path }) => path)).toEqual([]);
});

test('no file that fetches is another than these, and they ask configured addresses', () => {
  const fetches = /\bfetch\(|\bhttps?\.(?:get|request)\(|from 'undici'/;
  const files = ['core', 'streams', 'agents', 'projections', 'server'].flatMap((folder) =>
    filesIn(folder, /\.(ts|mjs)$/),
  );
  const found = files.filter(({ path, text }) => fetches.test(text) && !/server\/(web|docs)\//.test(path));
  expect(found.map(({ path }) => path).toSorted()).toEqual([
    'agents/ollama.ts',
    'agents/openai.ts',
    'streams/examples/research/research.ts',
  ]);
});

test.each(['../../etc/passwd', '/tmp/ABCDEF', 'ABCDE\u0000', 'game:*', ''])(
  'the header %j of an archive names a room, never a path',
  (room) => {
    const header = JSON.stringify({ format: 'agent-arena-room', v: 1, room, secrets: {} });
    const hash = createHash('sha256').update('').update(header).digest('hex');
    expect(() => readArchive(`${header}\n${JSON.stringify({ events: 0, hash })}\n`)).toThrow();
  },
);

test('an entry of the log is one line, whatever stands in it', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'info', secrets: [] }, 'redis://127.0.0.1', {
    write: (line: string) => void lines.push(line),
  });
  const forged = 'x"}\r\n{"level":30,"msg":"all is well"}\n\u2028\u001b[2J';
  log.warn({ origin: forged }, forged);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd()).not.toMatch(/\p{Cc}/u);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ origin: forged, msg: forged });
});
