import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { RoomCode } from '../../core/ids.ts';
import { importRoom, readArchive } from '../../server/operate/archive.ts';
import type { Operator } from '../../server/operate/operator.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameCodec } from '../../server/wiring/game-stream.ts';
import { room as ofTheGame, playedGame } from '../support/played-game.ts';

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

const chained = (before: string, text: string) =>
  createHash('sha256').update(before).update(text).digest('hex');

/** An archive as somebody makes it who knows the format: with hashes that are right. */
function archiveOf(head: object, lines: readonly object[]): string {
  const header = JSON.stringify({ format: 'agent-arena-room', v: 1, room, secrets: {}, ...head });
  let hash = chained('', header);
  const hashed = lines.map((line) => {
    hash = chained(hash, JSON.stringify(line));
    return JSON.stringify({ ...line, hash });
  });
  return [header, ...hashed, JSON.stringify({ events: lines.length, hash })].join('\n');
}

test('an archive whose revisions do not follow each other is not read, whoever made its hashes', () => {
  const lines = [1, 3].map((rev) => ({ rev, at: 1, type: 'GAME_RESUMED', e: '{}' }));
  expect(() => readArchive(archiveOf({}, lines))).toThrow('line 3: revision 3 is not the next one');
});

describe('an archive of a game', () => {
  const { log } = playedGame();
  const lines = log.map(({ rev, at, type, ...envelope }) => ({
    ...{ rev, at, type },
    e: gameCodec.encode({ type, ...envelope } as RecordedEvent),
  }));
  const secrets = { ['a'.repeat(64)]: 'host' };
  const whole = archiveOf({ room: ofTheGame, secrets }, lines);

  test('is read as it was written', () => {
    expect(readArchive(whole)).toMatchObject({ room: ofTheGame, secrets, events: log });
  });

  test('is refused with any byte changed, those of its room and of its secrets too', () => {
    const taken = Array.from({ length: whole.length }, (_, at) => at).filter((at) => {
      // All of its head, where the secrets stand, and then some of each line.
      if (at > 200 && at % 37 !== 0) return false;
      const other = whole[at] === 'b' ? 'c' : 'b';
      try {
        readArchive(whole.slice(0, at) + other + whole.slice(at + 1));
        return true;
      } catch {
        return false;
      }
    });
    expect(taken).toEqual([]);
  });

  test('under the code of another room is not read, whoever made its hashes', () => {
    const renamed = archiveOf({ secrets }, lines);
    expect(() => readArchive(renamed)).toThrow('line 2: revision 1 is of another room');
  });
});
