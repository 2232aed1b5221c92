import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { retractRound } from '../../server/operate/retract.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { createRetractions } from '../../server/stores/memory.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { checkHistory } from '../support/check-history.ts';
import { gameOn } from '../support/game-on.ts';
import { runVerb } from '../support/processes.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

let arena: Serving;
let commands: Valkey;

beforeAll(async () => {
  arena = await startServing();
  commands = await connectTo(arena.valkey.url);
});
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
});

/** A game of two rounds that is over. */
async function playedGame() {
  const { room, hostToken } = await arena.makeRoom({ rounds: 2, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  const bo = arena.client({ room, name: 'Bo', choose: () => 'FAKE' });
  for (const client of [host, ada, bo]) expect((await client.connect()).err).toBeUndefined();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined);
  return { room: RoomCode.parse(room), ada, bo };
}

const operator = () => operatorOn(gameOn(commands), 'test');

describe('a claim that an operator takes back', () => {
  test('gives back the points of its round alone, tells everybody, and is known everywhere', async () => {
    const { room, ada } = await playedGame();
    const first = ada.frames.find(({ t }) => t === 'ROUND_RESULT')?.d;
    const winner = first.truth === 'FACT' ? 'Ada' : 'Bo';
    const before = ada.frame('GAME_OVER', false)?.d.entries as { name: string; score: number }[];
    const taken = await retractRound(operator(), { room, round: '1', reason: 'it was wrong' });
    expect(taken).toMatchObject({ roundId: first.roundId, players: 1, again: false });

    await ada.until(() => ada.frame('ROUND_VOIDED', false) !== undefined);
    const { podium, ...said } = ada.frame('ROUND_VOIDED', false)?.d ?? {};
    expect(said).toEqual({ roundId: first.roundId, reason: 'it was wrong' });
    expect(podium.flat()).toHaveLength(2);
    const log = await readAfter(operator().log, room, 0);
    const lost = log.flatMap((event) => (event.type === 'ROUND_VOIDED' ? event.data.points : []));
    const board = log.findLast((event) => event.type === 'LEADERBOARD_UPDATE')?.data.entries ?? [];
    const scoreOf = (rows: readonly { name: string; score: number }[], name: string) =>
      rows.find((row) => row.name === name)?.score ?? Number.NaN;
    for (const name of ['Ada', 'Bo']) {
      const minus = name === winner ? (lost[0]?.points ?? Number.NaN) : 0;
      expect(scoreOf(board, name)).toBe(scoreOf(before, name) - minus);
    }
    expect(checkHistory({ log, acknowledged: [] })).toEqual([]);
    // Each hears of their own points, too, and is not taken for more than the board says.
    const { score, counted } = ada.frame('you')?.d ?? {};
    expect([score, counted]).toEqual([scoreOf(board, 'Ada'), 1]);

    const retractions = createRetractions(commands, createGameKeys());
    await expect.poll(() => retractions.among([taken.factKey])).toEqual(new Set([taken.factKey]));
    const document = async () => JSON.parse((await commands.get(`game:leaderboard:${room}`)) ?? '{}');
    await expect.poll(async () => scoreOf((await document()).entries, winner)).toBe(scoreOf(board, winner));
  });

  test('is taken back once, however often an operator says so', async () => {
    const { room } = await playedGame();
    const one = await retractRound(operator(), { room, round: '2', reason: 'wrong' });
    const two = await retractRound(operator(), { room, round: one.roundId, reason: 'wrong again' });
    expect([one.again, two.again]).toEqual([false, true]);
    const log = await readAfter(operator().log, room, 0);
    expect(log.filter(({ type }) => type === 'ROUND_VOIDED')).toHaveLength(1);
  });

  test('has to be there', async () => {
    const { room } = await playedGame();
    const request = { room, round: '7', reason: 'wrong' };
    await expect(retractRound(operator(), request)).rejects.toThrow(`room ${room} has no round 7`);
  });
});

describe('a player’s report', () => {
  test('is an event, once per player and round', async () => {
    const { room, ada, bo } = await playedGame();
    const { roundId } = ada.frame('ROUND_RESULT', false)?.d ?? {};
    for (const client of [ada, ada, bo]) {
      expect((await client.request('report', { roundId, reason: 'Not so.' })).err).toBeUndefined();
    }
    const log = await readAfter(operator().log, room, 0);
    const reports = log.filter(({ type }) => type === 'CLAIM_REPORTED');
    expect(reports.map(({ roundId: about }) => about)).toEqual([roundId, roundId]);
  });

  test('is what operators see, in the terminal and at the desk, with what was taken back', async () => {
    const { room, ada, bo } = await playedGame();
    const rounds = ada.frames.filter(({ t }) => t === 'ROUND_RESULT').map(({ d }) => d.roundId);
    const [first, second] = rounds;
    // What a page sends is anybody's text: no markup at the desk, and what would command a terminal is
    // refused.
    const bad = '<b>not so</b>';
    for (const client of [ada, bo]) await client.request('report', { roundId: first, reason: 'Not so.' });
    const command = await ada.request('report', { roundId: second, reason: `${bad}\u001b[2J` });
    expect(command.err).toMatchObject({ code: 'invalid_payload' });
    await ada.request('report', { roundId: second, reason: bad });
    await retractRound(operator(), { room, round: first, reason: 'they were right' });
    const here = async () => {
      const reply = await fetch(`${arena.http}/api/ops/reports`);
      const { claims } = (await reply.json()) as { claims: { room: string }[] };
      return claims.filter((claim) => claim.room === room);
    };
    const seen = [
      { roundId: second, round: 2, inLastGame: true, reasons: [bad], retracted: false },
      { roundId: first, round: 1, inLastGame: true, reasons: ['Not so.', 'Not so.'], retracted: true },
    ];
    // A room without a report in its line is not read, and the line follows the log.
    await expect.poll(here).toMatchObject(seen);
    const env = { VALKEY_URL: arena.valkey.url };
    const { out } = await runVerb(['reports', '--json'], env);
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told.filter((claim) => claim.room === room)).toEqual(await here());
    const table = (await runVerb(['reports'], env)).out;
    expect(table).toMatch(new RegExp(`${room} +2 +1 .*<b>not so</b>\n`));
    expect(table).toMatch(new RegExp(`${room} +1 +2 .*\\(taken back\\) +Not so\\. \\(2\\)\n`));
  });
});
