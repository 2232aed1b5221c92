import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { importRoom, readArchive } from '../../server/operate/archive.ts';
import type { Operator } from '../../server/operate/operator.ts';
import { createGameKeys } from '../../server/stores/keys.ts';

const room = RoomCode.parse('ABCDEF');

test('a log of which one entry was not taken is no room, though the rest was', async () => {
  let beside = 0;
  const commands = {
    exists: async () => 0,
    del: async () => 0,
    pipeline: () => ({
      xadd: () => undefined,
      exec: async () => [
        [null, '1-0'],
        [new Error('LOADING the dataset is in memory soon'), null],
      ],
    }),
    multi: () => {
      beside += 1;
    },
  };
  const operator = { connection: commands, keys: createGameKeys() } as unknown as Operator;
  const entries = [1, 2].map((rev) => ({ rev, at: 1, type: 'GAME_RESUMED', e: '{}' }));
  const importing = importRoom(operator, { room, secrets: {}, entries, events: [] });
  await expect(importing).rejects.toThrow('LOADING');
  expect(beside).toBe(0);
});

test('an archive whose revisions do not follow each other is not read, whoever made its hashes', () => {
  const chained = (before: string, text: string) =>
    createHash('sha256').update(before).update(text).digest('hex');
  const header = JSON.stringify({ format: 'agent-arena-room', v: 1, room, secrets: {} });
  let hash = chained('', header);
  const lines = [1, 3].map((rev) => {
    const line = { rev, at: 1, type: 'GAME_RESUMED', e: '{}' };
    hash = chained(hash, JSON.stringify(line));
    return JSON.stringify({ ...line, hash });
  });
  const text = [header, ...lines, JSON.stringify({ events: 2, hash })].join('\n');
  expect(() => readArchive(text)).toThrow('line 3: revision 3 is not the next one');
});
