import { expect, test } from 'vitest';
import { settings } from './settings.ts';
import { syncedBytes } from './synced.ts';
import { measured, readmeWithTable, withTable } from './table.ts';

test('the table of losses is what the kept results give: npm run loss -- table makes it', () => {
  const { is, shouldBe } = readmeWithTable();
  expect(is).toBe(shouldBe);
});

test('the safe settings have lost nothing, and nothing was written twice', () => {
  const { cells } = measured();
  const lossesOf = (name: string | undefined) =>
    cells.filter(({ setting }) => setting === name).map(({ lost }) => lost);
  const [disk, replicated] = settings;
  expect(lossesOf(disk?.name)).toEqual([0, 0, 0]);
  expect(lossesOf(replicated?.name)).toEqual([0, 0, 0, 0, 0]);
  expect(cells.map(({ doubled }) => doubled)).toEqual(cells.map(() => 0));
});

test('every setting was measured under every fault', () => {
  const { cells } = measured();
  expect(cells.length).toBe(settings.reduce((sum, { replica }) => sum + (replica ? 5 : 3), 0));
  expect(cells.filter(({ rounds, acknowledged }) => rounds === 0 || acknowledged === 0)).toEqual([]);
});

test('what is on the disk for certain is what was written before the last sync that came back', () => {
  const open = '7  openat(AT_FDCWD, "dir/log.aof", O_WRONLY|O_CREAT|O_APPEND, 0644) = 9';
  const synced = (...lines: string[]) => syncedBytes([open, ...lines].join('\n'), 'dir/log.aof');
  expect(synced()).toBe(0);
  expect(synced('7  write(9, ""..., 100) = 100', '7  fdatasync(9) = 0', '7  write(9, ""..., 50) = 50')).toBe(
    100,
  );
  expect(synced('7  write(9, ""..., 100) = 100', '8  fdatasync(9 <unfinished ...>')).toBe(0);
  const beside = [
    '7  write(9, ""..., 100) = 100',
    '8  fdatasync(9 <unfinished ...>',
    '7  write(9, ""..., 50) = 50',
    '8  <... fdatasync resumed>) = 0',
  ];
  expect(synced(...beside)).toBe(100);
  expect(synced('7  write(4, ""..., 100) = 100', '7  fdatasync(4) = 0')).toBe(0);
  expect(synced('7  write(9, ""..., 100) = 100', '7  fdatasync(9) = -1 EIO (Input/output error)')).toBe(0);
});

test('a document without the two lines is not written over', () => {
  const machine = {} as Parameters<typeof withTable>[1]['machine'];
  expect(() => withTable('nothing', { machine, cells: [] })).toThrow('the document has no');
});
