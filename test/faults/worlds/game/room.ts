// One room from its making to its last game: a host, a few players who come and go, a screen on the wall.
// All chance comes from one seed.

import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../random.ts';
import type { Given, Outcome } from '../../world.ts';
import { type Data, History } from './history.ts';
import { hostGame } from './host.ts';
import { type Fidgeting, fidget, letAnswer } from './player.ts';
import { Seat } from './seat.ts';

export interface Stage {
  /** Of the servers, as http://host:port. */
  readonly servers: readonly string[];
  readonly opsToken: string;
  readonly note: Given['note'];
  /** Told of a room as soon as it is there. */
  readonly opened: (room: PlayedRoom) => void;
  /** True once no more faults are made: games end, and none begins. */
  readonly calm: () => boolean;
}

export interface PlayedRoom {
  readonly history: History;
  readonly seats: Seat[];
  games: number;
}

const names = [
  'Ada',
  'Bo',
  'Cy',
  'Dee',
  'Eve',
  'Finn',
  'Gus',
  'Hal',
  'Ida',
  'Jo',
  'Kim',
  'Lea',
  'Max',
  'Nia',
];

/** Resolves when its games are over and all who are in it have seen the end. */
export async function playRoom(stage: Stage, seed: number): Promise<void> {
  const chance = createRandom(seed).next;
  const address = `10.${Math.floor(chance() * 256)}.${Math.floor(chance() * 256)}.${seed % 256}`;
  const asking = { stage, chance, address };
  const made = await makeRoom(asking, seed);
  if (made === null) return;
  const { room, hostToken } = made;
  const history = new History(room);
  const played: PlayedRoom = { history, seats: [], games: 0 };
  stage.opened(played);
  const urls = stage.servers.map((server) => `${server.replace('http', 'ws')}/ws`);
  const sit = (who: string, role: 'player' | 'host' | 'screen', more: { name?: string; token?: string }) => {
    const own = createRandom(seed + 7_919 * (1 + played.seats.length)).next;
    const { note } = stage;
    const seat = new Seat({ who, role, room, urls, address, history, chance: own, note, ...more });
    played.seats.push(seat);
    if (role !== 'screen') letAnswer(seat, stage.calm);
    return { seat, stays: seat.stay() };
  };
  const plays = chance() < 0.3 ? { name: 'Olga' } : {};
  const host = sit('host', 'host', { token: hostToken, ...plays });
  const stays = [host.stays, sit('screen', 'screen', {}).stays];
  const over = new AbortController();
  const leavesLeft = { value: 2 };
  const fidgeting: Fidgeting = {
    ends: over.signal,
    calm: stage.calm,
    mayLeave: () => leavesLeft.value-- > 0,
  };
  const count = 3 + Math.floor(chance() * 3);
  for (const name of names.slice(0, count)) {
    const { seat, stays: staying } = sit(name, 'player', { name });
    stays.push(staying, fidget(seat, fidgeting));
  }
  stays.push(replaceGone(played, sit, fidgeting, chance));
  const retract = (roundId: string, reason: string) =>
    operate(asking, history, { room, round: roundId, reason });
  const games = 1 + Math.floor(chance() * 3);
  for (let game = 0; game < games && host.seat.gone === null; game++) {
    if (game > 0 && stage.calm()) break;
    await hostGame({ seat: host.seat, retract, calm: stage.calm });
    played.games += 1;
  }
  await untilAllSaw(played, host.seat);
  over.abort();
  for (const seat of played.seats) seat.leave();
  await Promise.all(stays);
}

/** For each player who is out another one comes, while names last. */
async function replaceGone(
  played: PlayedRoom,
  sit: (who: string, role: 'player', more: { name: string }) => { seat: Seat; stays: Promise<void> },
  fidgeting: Fidgeting,
  chance: () => number,
): Promise<void> {
  const { ends, calm } = fidgeting;
  const staying: Promise<void>[] = [];
  while (!ends.aborted) {
    await sleep(500 + chance() * 500, undefined, { signal: ends }).catch(() => undefined);
    const inside = played.seats.filter(({ gone, options }) => options.role === 'player' && gone === null);
    const name = names[played.seats.filter(({ options }) => options.role === 'player').length];
    if (ends.aborted || calm() || inside.length >= 4 || name === undefined) continue;
    const { seat, stays } = sit(name, 'player', { name });
    staying.push(stays, fidget(seat, fidgeting));
  }
  await Promise.all(staying);
}

/** Everyone who is still in the room has been told of the end of the last game. */
async function untilAllSaw({ seats }: PlayedRoom, host: Seat): Promise<void> {
  const { game } = host.view;
  const waits = (seat: Seat) => seat.gone === null && game !== null && !seat.view.overs.has(game);
  while (host.gone === null && seats.some(waits)) await sleep(50);
}

interface Asking {
  readonly stage: Stage;
  readonly chance: () => number;
  readonly address: string;
}

async function makeRoom(
  { stage, chance, address }: Asking,
  seed: number,
): Promise<{ room: string; hostToken: string } | null> {
  const end = stage.note('make room');
  const wish = {
    rounds: 2 + Math.floor(chance() * 3),
    seconds: chance() < 0.1 ? null : 5,
    autoAdvance: chance() < 0.8,
    speedPoints: chance() < 0.8,
    streaks: chance() < 0.8,
    nonce: `room-${seed}-${Math.floor(chance() * 1e9)}`.padEnd(24, '0'),
  };
  let made: { room: string; hostToken: string } | null = null;
  while (made === null && !stage.calm()) {
    const { status, body } = await post({ stage, chance, address }, '/api/rooms', wish);
    if (status === 201) made = body as { room: string; hostToken: string };
    else if (status !== null && status < 500 && status !== 429) throw new Error(`no room: ${status}`);
    else await sleep(50 + chance() * 100);
  }
  end(made === null ? 'unknown' : 'ok');
  return made;
}

async function operate(
  asking: Asking,
  history: History,
  wish: { room: string; round: string; reason: string },
): Promise<void> {
  const end = asking.stage.note('retract');
  const command = history.nextCommand();
  const headers = {
    authorization: `Bearer ${asking.stage.opsToken}`,
    'idempotency-key': `retract-${wish.round}-${command}`,
  };
  const { room, ...asked } = wish;
  let outcome: Outcome = 'unknown';
  let said: Data | null = null;
  let lost = 0;
  for (let tries = 0; tries < 20 && outcome === 'unknown'; tries++) {
    const { status, body } = await post(asking, `/api/ops/rooms/${room}/retract`, asked, headers);
    said = body;
    if (status === 200) outcome = 'ok';
    else if (status !== null && status < 500 && lost === 0) outcome = 'refused';
    else if (status !== null && status < 500) break;
    else lost += 1;
    if (outcome === 'unknown') await sleep(50 + asking.chance() * 100);
  }
  const err = outcome === 'refused' ? String(said?.['err']?.code) : null;
  const d = { roundId: wish.round };
  history.add({ kind: 'end', who: 'operator', command, t: 'retract', d, outcome, ok: said, err });
  end(outcome);
}

async function post(
  { stage, chance, address }: Asking,
  path: string,
  body: Data,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; body: Data | null }> {
  const server = stage.servers[Math.floor(chance() * stage.servers.length)] ?? '';
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(3_000),
  };
  try {
    const reply = await fetch(`${server}${path}`, init);
    return { status: reply.status, body: (await reply.json()) as Data };
  } catch {
    return { status: null, body: null };
  }
}
