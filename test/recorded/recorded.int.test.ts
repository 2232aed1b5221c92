// What older versions left behind goes on: their archives come back with the same documents and boards, a
// game that they began is played to its end, and a store that was killed under them is served like any other.

import { afterEach, expect, test } from 'vitest';
import { groups } from '../../core/game.ts';
import type { RoomCode } from '../../core/ids.ts';
import { importRoom, readArchive } from '../../server/operate/archive.ts';
import { type Operator, operatorOn } from '../../server/operate/operator.ts';
import { rebuildRoom } from '../../server/operate/rebuild.ts';
import { verifyRoom } from '../../server/operate/verify.ts';
import { groupInfos } from '../../streams/admin/group-infos.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import { checkHistory } from '../support/check-history.ts';
import { gameOn } from '../support/game-on.ts';
import { type Serving, serveOn } from '../support/serving.ts';
import { startTestValkey } from '../support/valkey.ts';
import type { WireClient } from '../support/wire-client.ts';
import { type RecordedRoom, recordedRooms, recordedStores } from './recordings.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function emptyStore(): Promise<{ url: string; operator: Operator }> {
  const valkey = await startTestValkey();
  const connection = connect(valkey.url, 'test');
  closing.push(valkey.stop, () => connection.disconnect());
  await untilReady(connection, AbortSignal.timeout(5_000));
  return { url: valkey.url, operator: operatorOn(gameOn(connection), 'test') };
}

async function serving(url: string): Promise<Omit<Serving, 'valkey'>> {
  const arena = await serveOn(url);
  closing.push(arena.stop);
  return arena;
}

const finished = recordedRooms.filter(({ games }) => games.size > 0);
const unfinished = recordedRooms.filter(({ games }) => games.size === 0);

test.each(finished)('$name comes back with its documents, its places and its game', async (recorded) => {
  const { url, operator } = await emptyStore();
  const { room } = recorded.seats;
  await importRoom(operator, readArchive(recorded.archive));
  const arena = await serving(url);
  await expect.poll(async () => (await verifyRoom(operator, room)).problems).toEqual([]);
  for (const [name, value] of recorded.documents)
    expect(await operator.documents.get(room, name), name).toMatchObject(value);
  const { different } = await rebuildRoom(operator, room, { only: null, write: false });
  expect(different).toEqual([]);
  await expect.poll(() => rowsOf(operator, recorded)).toMatchObject(Object.fromEntries(recorded.rows));
  for (const [game, value] of recorded.games) {
    const reply = await fetch(`${arena.http}/api/games/${game}`);
    expect(reply.status).toBe(200);
    const { rounds } = value as { rounds: object[] };
    expect(await reply.json()).toMatchObject({ rounds });
  }
});

/** Of the games that were recorded: what stands on the board of all time. */
async function rowsOf({ connection, keys }: Operator, { rows }: RecordedRoom) {
  const { rows: texts, allTime } = keys.boards;
  const all = await Promise.all(
    [...rows.keys()].map(async (member) => {
      const row = JSON.parse((await connection.hget(texts, member)) ?? 'null');
      return [member, { score: Number(await connection.zscore(allTime, member)), ...row }] as const;
    }),
  );
  return Object.fromEntries(all);
}

test.each(unfinished)('$name is played to its end', async ({ archive, seats, acknowledged }) => {
  const { url, operator } = await emptyStore();
  await importRoom(operator, readArchive(archive));
  const arena = await serving(url);
  const clients = await comeBack(arena, seats);
  await playOn(clients);
  await expectSound(operator, seats.room, [...acknowledged, ...promisedTo(clients)]);
});

test.each(recordedStores)(
  '$name goes on by itself, and every promise is kept',
  async ({ commands, rooms }) => {
    const { url, operator } = await emptyStore();
    for (const command of commands) {
      const [name = '', ...parts] = command;
      await operator.connection.call(String(name), ...parts);
    }
    for (const { room, rev } of rooms) expect((await readAfter(operator.log, room, 0)).at(-1)?.rev).toBe(rev);
    const arena = await serving(url);
    for (const { acknowledged, ...seats } of rooms) {
      const clients = await comeBack(arena, seats);
      await playOn(clients);
      await expectSound(operator, seats.room, [...acknowledged, ...promisedTo(clients)]);
    }
    await expect
      .poll(async () =>
        (await groupInfos(operator.connection, 'game:feed')).filter(({ name }) => isOurs(name)),
      )
      .toEqual(groups.toSorted().map((name) => expect.objectContaining({ name, lag: 0, pending: 0 })));
  },
);

const isOurs = (name: string): boolean => (groups as readonly string[]).includes(name);

interface Clients {
  readonly host: WireClient;
  readonly players: readonly WireClient[];
}

/** With the tokens that the older version gave. */
async function comeBack(arena: Omit<Serving, 'valkey'>, { room, hostToken, seats }: RecordedRoom['seats']) {
  const host = arena.client({ room, role: 'host', token: hostToken });
  const players = seats.map(({ name, token }) =>
    // What was answered before stays as it is; so this is about the rounds after that.
    arena.client({ room, name, token, choose: () => (name === 'Ada' ? 'FACT' : 'FAKE') }),
  );
  for (const client of [host, ...players]) expect((await client.connect()).err).toBeUndefined();
  return { host, players };
}

const isOver = ({ joined, frames }: WireClient): boolean =>
  joined?.state?.phase === 'over' || frames.some(({ t }) => t === 'GAME_OVER');

/** The room may have paused itself: for all it knows nobody was there for as long as it lay on disk. */
async function playOn({ host }: Clients): Promise<void> {
  await host.until(() => isOver(host) || isPaused(host), 60_000);
  if (!isOver(host)) expect((await host.request('resume', {})).err).toBeUndefined();
  await host.until(() => isOver(host), 60_000);
}

const isPaused = ({ joined, frames }: WireClient): boolean =>
  joined?.state?.paused === true || frames.some(({ t }) => t === 'GAME_PAUSED');

const promisedTo = ({ players }: Clients) =>
  players.flatMap(({ playerId, acknowledged }) =>
    acknowledged.map((answer) => ({ playerId: playerId ?? '', ...answer })),
  );

async function expectSound(
  operator: Operator,
  room: RoomCode,
  acknowledged: Parameters<typeof checkHistory>[0]['acknowledged'],
): Promise<void> {
  const log = await readAfter(operator.log, room, 0);
  expect(checkHistory({ log, acknowledged })).toEqual([]);
  await expect.poll(async () => (await verifyRoom(operator, room)).problems).toEqual([]);
}
