// More players than are told of by name: all are counted, the first are named, and hosts hear of each.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits } from '../../core/limits.ts';
import { replies, volatileEvents } from '../../core/messages.ts';
import { type Serving, startServing } from '../support/serving.ts';
import type { WireClient } from '../support/wire-client.ts';

const size = limits.playersNamed + 4;
let arena: Serving;
beforeAll(async () => {
  arena = await startServing();
});
afterAll(() => arena.stop());

const named = (client: WireClient, t: string): string[] =>
  client.frames.filter((frame) => frame.t === t).map(({ d }) => d.name);
const counts = (client: WireClient): number[] =>
  client.frames.filter(({ t }) => t === 'crowd').map(({ d }) => d.members);

test('of a crowd each is told the first names and the number, a host all names, and each finds the own one', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 1, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  await host.connect();
  const players: WireClient[] = [];
  for (let n = 1; n <= size; n++) {
    const player = arena.client({ room, name: `Player ${n}`, choose: () => 'FACT' });
    await player.connect();
    players.push(player);
  }
  const all = players.map(({ options }) => options.name);
  const [first, last] = [players[0], players.at(-1)] as [WireClient, WireClient];
  await host.until(() => named(host, 'PLAYER_JOINED').length === size);
  expect(named(host, 'PLAYER_JOINED')).toEqual(all);
  await first.until(() => counts(first).at(-1) === size);
  expect(named(first, 'PLAYER_JOINED')).toEqual(all.slice(1, limits.playersNamed));
  expect(counts(host)).toEqual([]);
  for (const { t, d } of first.frames) if (t === 'crowd') volatileEvents.crowd.parse(d);

  const { state } = replies.join.parse(last.joined);
  expect(state?.members).toBe(size);
  expect(state?.players.map(({ name }) => name)).toEqual([...all.slice(0, limits.playersNamed), all.at(-1)]);
  host.drop();
  const again = replies.join.parse(
    (await arena.client({ room, role: 'host', token: hostToken }).connect()).ok,
  );
  expect(again.state?.players.map(({ name }) => name)).toEqual(all);
  expect(again.state?.members).toBeUndefined();
});

test('who leaves a crowd is told of where the name was told, and the number goes down', async () => {
  const { room, hostToken } = await arena.makeRoom({ rounds: 1, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  await host.connect();
  const players = Array.from({ length: size }, (_, n) => arena.client({ room, name: `Player ${n + 1}` }));
  for (const player of players) await player.connect();
  const [first, second, last] = [players[0], players[1], players.at(-1)] as [
    WireClient,
    WireClient,
    WireClient,
  ];
  await last.request('leave', {});
  await second.request('leave', {});
  await host.until(() => named(host, 'PLAYER_LEFT').length === 2);
  expect(named(host, 'PLAYER_LEFT')).toEqual([`Player ${size}`, 'Player 2']);
  await first.until(() => counts(first).at(-1) === size - 2 && named(first, 'PLAYER_LEFT').length > 0);
  expect(named(first, 'PLAYER_LEFT')).toEqual(['Player 2']);
});
