import { afterEach, expect, test } from 'vitest';
import { revisionOf } from '../../server/operate/room-log.ts';
import { playedGame } from '../support/played-game.ts';

const zone = process.env['TZ'];
afterEach(() => {
  process.env['TZ'] = zone ?? 'UTC';
});

test('a time that is printed is understood as it was printed, wherever the operator sits', () => {
  const { log } = playedGame();
  const [third] = log.slice(2);
  if (third === undefined) throw new Error('the game is too short');
  const last = log.findLast(({ at }) => at === third.at)?.rev;
  const utc = new Date(third.at).toISOString();
  const printed = utc.replace('T', ' ').slice(0, 23);
  const east = `${new Date(third.at + 9 * 3_600_000).toISOString().slice(0, 23)}+09:00`;
  for (const here of ['UTC', 'Asia/Tokyo', 'America/Lima']) {
    process.env['TZ'] = here;
    for (const meant of [utc, printed, printed.replace(' ', 'T'), east, east.replace(/:(\d\d)$/, '$1')]) {
      expect([here, meant, revisionOf(log, meant)]).toEqual([here, meant, last]);
    }
    expect(revisionOf(log, '1970-01-02')).toBe(log.length);
  }
});

test('what is no time is refused', () => {
  const { log } = playedGame();
  for (const meant of [
    '-1',
    'now',
    '15:48:30',
    '1970-13-01',
    '1970-01-01 25:00',
    '1970-01-01T00:00 Tuesday',
  ]) {
    expect(() => revisionOf(log, meant)).toThrow('is neither a revision nor a time');
  }
});
