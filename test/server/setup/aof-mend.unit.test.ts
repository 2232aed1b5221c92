import { link, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AofTrouble, mendFile, tornFiles } from '../../../server/setup/aof-mend.ts';
import { walkAof } from '../../../server/setup/aof-walk.ts';
import { command, incremental, temporaryFolder, walked, writeAof } from '../../support/aof.ts';

const select = command('SELECT', '0');
const transaction = (...inside: readonly string[]) => command('MULTI') + inside.join('') + command('EXEC');
const half = (...inside: readonly string[]) => command('MULTI') + inside.join('');
// Words that look like commands, in a text with the end of a line.
const entry = command('XADD', 'log', '1-0', 'e', 'MULTI\r\n*1\r\n$4\r\nEXEC\r\n');
const old = command('XADD', 'log', '2-0', 'e', 'old');
const fresh = command('XADD', 'log', '2-0', 'e', 'fresh');
const meta = command('HSET', 'meta', 'rev', '2');
const alone = command('HSET', 'presence', 'ada', '1');
const begun = transaction(select, entry, meta);

/** Mends what stands in the files of a folder; gives what stands there then. */
async function mended(...contents: readonly (string | Buffer)[]): Promise<string[]> {
  const data = await temporaryFolder();
  await writeAof(data, ...contents);
  for (const torn of await tornFiles(data)) await mendFile(data, torn);
  expect(await tornFiles(data)).toEqual([]);
  const files = contents.map((_, index) => readFile(incremental(data, index + 1), 'utf8'));
  return Promise.all(files);
}

test('a file that was cut at whatever byte is torn from the commit on that was cut', async () => {
  const data = await temporaryFolder();
  const commits = [begun, alone, transaction(old, meta), transaction(fresh, alone)];
  const ends = commits.map((_, at) => Buffer.byteLength(commits.slice(0, at + 1).join('')));
  await writeAof(data, commits.join(''));
  const file = await open(incremental(data), 'r+');
  for (let bytes = ends.at(-1) ?? 0; bytes >= 0; bytes--) {
    await file.truncate(bytes);
    const whole = ends.findLast((each) => each <= bytes) ?? 0;
    const { halves, tornAt } = await walkAof(file);
    expect({ bytes, halves, tornAt }).toEqual({ bytes, halves: [], tornAt: whole === bytes ? null : whole });
  }
  await file.close();
  expect(await mended(commits.join('').slice(0, -1))).toEqual([commits.slice(0, 3).join('')]);
});

describe('half a commit that a server has written on behind', () => {
  const after = transaction(select, fresh, meta);

  test('is left out, and nothing else', async () => {
    expect(await mended(begun + half(old) + after + alone)).toEqual([begun + after + alone]);
    expect(await mended(half(select, old) + after)).toEqual([after]);
    expect(await mended(begun + half() + after)).toEqual([begun + after]);
    expect(await mended(half(select) + after)).toEqual([after]);
    expect(await mended(half() + after)).toEqual([after]);
  });

  test('ends where single commands of the next run begin', async () => {
    const next = select + alone + alone;
    const later = transaction(fresh, meta);
    expect(await mended(begun + half(old, meta) + next + later)).toEqual([begun + next + later]);
    expect(await mended(begun + half(old, meta) + next)).toEqual([begun + next]);
    expect(await mended(half(select) + next + later)).toEqual([next + later]);
    // The SELECT is the first thing in the MULTI, and yet not of it: the MULTI of the next commit has none.
    expect(await mended(begun + half() + next + later)).toEqual([begun + next + later]);
  });

  test('is left out however often it happened, and with the torn end of the file', async () => {
    const twice = begun + half(old) + after + half(meta) + after;
    expect(await mended(twice)).toEqual([begun + after + after]);
    expect(await mended(twice + half(old, meta) + meta.slice(0, 9))).toEqual([begun + after + after]);
    expect(await mended(begun + half(old) + select + alone + meta.slice(0, 9))).toEqual([
      begun + select + alone,
    ]);
  });

  test('is found in each file, and between two of them', async () => {
    expect(await mended(begun + half(old) + after, select + alone)).toEqual([begun + after, select + alone]);
    expect(await mended(begun + half(old), after)).toEqual([begun, after]);
  });

  test('is no commit that changes to another database and back', async () => {
    const elsewhere = begun + transaction(command('SELECT', '1'), meta, select, alone) + transaction(meta);
    expect(await mended(elsewhere)).toEqual([elsewhere]);
  });

  test('stays in a copy of the file as it was', async () => {
    const data = await temporaryFolder();
    const before = begun + half(old) + after;
    await writeAof(data, before);
    const [torn] = await tornFiles(data);
    const said = torn === undefined ? [] : await mendFile(data, torn);
    const kept = join(data, 'appendonly.aof.1.incr.aof.before-mending');
    expect(said.join()).toContain(kept);
    expect(said.join()).toContain(`(${half(old).length} bytes, at ${begun.length})`);
    expect(await readFile(kept, 'utf8')).toBe(before);
  });

  test('is left out all the same after a mending that was killed before its last step', async () => {
    const data = await temporaryFolder();
    const before = begun + half(old) + after;
    await writeAof(data, before);
    await writeFile(join(data, 'appendonly.aof.1.incr.aof.mending'), 'what another mending began'.repeat(99));
    const kept = join(data, 'appendonly.aof.1.incr.aof.before-mending');
    await link(incremental(data), kept);
    for (const torn of await tornFiles(data)) await mendFile(data, torn);
    expect(await readFile(incremental(data), 'utf8')).toBe(begun + after);
    expect(await readFile(kept, 'utf8')).toBe(before);
    expect(await readdir(data)).not.toContain('appendonly.aof.1.incr.aof.mending');
  });
});

test('a file that grew before its bytes were there ends before the commit', async () => {
  const zeros = '\0'.repeat(3_000);
  expect(await mended(begun + zeros)).toEqual([begun]);
  expect(await mended(begun + half(old, meta) + zeros)).toEqual([begun]);
  expect(await mended(begun + half(old) + meta.slice(0, 15) + zeros)).toEqual([begun]);
});

test('what no server writes is left to the server, which refuses it', async () => {
  for (const strange of ['rubbish', '*x\r\n', '*1\r\n$4\r\nEXEC..', `${'\0'.repeat(99)}${alone}`]) {
    expect(await mended(begun + strange + half(old) + begun)).toEqual([begun + strange + half(old) + begun]);
  }
  // Only the last file can end inside a command.
  const cut = begun + meta.slice(0, 9);
  const data = await temporaryFolder();
  await writeAof(data, cut, begun);
  expect(await tornFiles(data)).toEqual([]);
});

test('a line with the time is no part of a commit', async () => {
  const time = '#TS:1796025619\r\n';
  expect(await mended(time + begun + time + half(old))).toEqual([time + begun + time]);
});

test('a word that is longer than what is read at once is read', async () => {
  const long = transaction(select, command('SET', 'document', 'x'.repeat(3_000_000)));
  expect(await mended(long + long.slice(0, -9))).toEqual([long]);
  const data = await temporaryFolder();
  await writeAof(data, (long + begun).repeat(3));
  expect(await walked(incremental(data))).toMatchObject({ halves: [], tornAt: null, cutInside: false });
});

test('a manifest that lost its end starts nothing: what it does not name would be written over', async () => {
  const data = await temporaryFolder();
  await writeAof(data, begun, begun);
  const manifest = join(data, 'appendonlydir', 'appendonly.aof.manifest');
  const [first = '', second = ''] = (await readFile(manifest, 'utf8')).split('\n');
  for (const lost of [`${first}\n`, '']) {
    await writeFile(manifest, lost);
    await expect(tornFiles(data)).rejects.toThrow(AofTrouble);
  }
  await writeFile(manifest, `${first}\n`);
  await expect(tornFiles(data)).rejects.toThrow(`add: ${second}`);
  // A server that is killed while it begins a file leaves it empty.
  await writeFile(incremental(data, 2), '');
  expect(await tornFiles(data)).toEqual([]);
});
