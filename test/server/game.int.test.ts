import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RoomCode } from '../../core/ids.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { checkHistory } from '../support/check-history.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';
import type { WireClient } from '../support/wire-client.ts';

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

const logOf = (room: string) =>
  readAfter(createEventLog(commands, createGameKeys(), gameStream), RoomCode.parse(room), 0);
async function groupsNow(): Promise<object> {
  const health = (await (await fetch(`${arena.http}/health`)).json()) as { groups: object };
  return health.groups;
}

const isOver = (client: WireClient) => () => client.frame('GAME_OVER') !== undefined;

interface Table {
  readonly room: string;
  readonly host: WireClient;
  readonly ada: WireClient;
  readonly bo: WireClient;
}

/** A room with a host and two players, one for each answer. */
async function sitDown(settings: object = { rounds: 2, seconds: 5 }): Promise<Table> {
  const { room, hostToken } = await arena.makeRoom(settings);
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  const bo = arena.client({ room, name: 'Bo', choose: () => 'FAKE' });
  for (const client of [host, ada, bo]) expect((await client.connect()).err).toBeUndefined();
  return { room, host, ada, bo };
}

describe('a game over a real socket', () => {
  test('starts, plays its first round and updates the leaderboard', async () => {
    const { room, host, ada } = await sitDown();
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('LEADERBOARD_UPDATE') !== undefined);
    const order = ada.frames.filter(({ s }) => s !== undefined).map(({ t }) => t);
    const expected = ['GAME_START', 'NEW_QUESTION', 'ROUND_CLOSED', 'ROUND_RESULT', 'LEADERBOARD_UPDATE'];
    expect(order.filter((t) => expected.includes(t)).slice(0, 5)).toEqual(expected);
    const [first] = ada.frame('LEADERBOARD_UPDATE', false)?.d.entries ?? [];
    expect(first).toMatchObject({ rank: 1, score: expect.any(Number) });
    const { truth } = ada.frame('ROUND_RESULT', false)?.d ?? {};
    expect(first.name).toBe(truth === 'FACT' ? 'Ada' : 'Bo');
    await ada.until(isOver(ada));
    expect(checkHistory({ log: await logOf(room), acknowledged: [] })).toEqual([]);
  });

  test('a question says when it opens and closes, and nothing of its truth', async () => {
    const { host, ada } = await sitDown();
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('NEW_QUESTION') !== undefined);
    const { d } = ada.frame('NEW_QUESTION') ?? {};
    const keys = [
      'cycleId',
      'deadline',
      'difficulty',
      'opensAt',
      'question',
      'round',
      'roundId',
      'rounds',
      'topic',
    ];
    expect(Object.keys(d).sort()).toEqual(keys);
    expect(d.deadline - d.opensAt).toBe(5_000);
  });

  test('`you` follows ROUND_RESULT at once, and only to the player it is about', async () => {
    const { host, ada } = await sitDown();
    await host.request('start', { after: null });
    await ada.until(isOver(ada));
    const at = ada.frames.findIndex(({ t }) => t === 'ROUND_RESULT');
    expect(ada.frames[at + 1]).toMatchObject({
      t: 'you',
      d: { roundId: ada.frames[at]?.d.roundId, answer: 'FACT' },
    });
    expect(host.frames.some(({ t }) => t === 'you')).toBe(false);
  });

  test('a new game in the room starts at zero, and a start sent twice starts one game', async () => {
    const { room, host, ada } = await sitDown({ rounds: 1, seconds: 5 });
    await host.request('start', { after: null });
    const again = await host.request('start', { after: null });
    expect(again.ok?.state.phase).not.toBe('lobby');
    await ada.until(isOver(ada));
    const { game } = ada.frame('GAME_OVER')?.d ?? {};
    await host.request('start', { after: game });
    const late = await host.request('start', { after: null });
    expect(late.err).toBeUndefined();
    await ada.until(() => ada.frames.filter(({ t }) => t === 'GAME_OVER').length === 2);
    const log = await logOf(room);
    expect(log.filter(({ type }) => type === 'GAME_START')).toHaveLength(2);
    expect(checkHistory({ log, acknowledged: [] })).toEqual([]);
    const scores = log.flatMap((event) =>
      event.type === 'GAME_OVER' ? [event.data.entries[0]?.score ?? 0] : [],
    );
    expect(Math.max(...scores)).toBeLessThanOrEqual(1_000);
  });

  test('documents stand under the original names, and the groups have nothing left to do', async () => {
    const { room, host, ada } = await sitDown();
    await host.request('start', { after: null });
    await ada.until(isOver(ada));
    const board = ada.frame('GAME_OVER')?.d.entries;
    await expect
      .poll(async () => JSON.parse((await commands.get(`game:leaderboard:${room}`)) ?? '{}').entries)
      .toEqual(board);
    const names = ['game:state', 'agent:researcher:output', 'agent:writer:draft', 'agent:editor:review'];
    for (const name of names) expect(await commands.exists(`${name}:${room}`), name).toBe(1);
    for (const round of [1, 2]) expect(await commands.exists(`game:round:${room}:${round}`)).toBe(1);
    await expect
      .poll(async () => Object.values(await groupsNow()))
      .toEqual(Array(5).fill(expect.objectContaining({ lag: 0, pending: 0 })));
  });

  test('no frame to anybody holds the truth, the explanation or another’s answer before the result', async () => {
    const { room, host, ada, bo } = await sitDown({ rounds: 3, seconds: 5 });
    const screen = arena.client({ room, role: 'screen' });
    await screen.connect();
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('ROUND_CLOSED') !== undefined);
    ada.drop();
    await ada.connect();
    await bo.until(isOver(bo));
    const log = await logOf(room);
    const results = log.flatMap((event) => (event.type === 'ROUND_RESULT' ? [event] : []));
    expect(results).toHaveLength(3);
    for (const [name, client] of Object.entries({ host, ada, bo, screen })) {
      for (const { data, roundId } of results) {
        const shownAt = client.raw.findIndex(
          (text) => text.includes('ROUND_RESULT') && text.includes(String(roundId)),
        );
        const before = client.raw.slice(0, shownAt < 0 ? client.raw.length : shownAt).join('\n');
        expect(before.includes(data.explanation), `${name} was told the explanation`).toBe(false);
        expect(before.includes(data.factKey), `${name} was told the fact`).toBe(false);
        expect(/"truth"/.test(before.split(String(roundId)).at(-1) ?? ''), `${name} was told a truth`).toBe(
          false,
        );
      }
    }
    // What a player hears of answers is the own one alone.
    const heard = screen.raw.filter((text) => /"(answer|yourAnswer)":"(FACT|FAKE)"/.test(text));
    expect(heard).toEqual([]);
  });
});
