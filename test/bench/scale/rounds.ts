// Rounds in many rooms, or in a full one, and what an answer in them costs.

import { setTimeout as sleep } from 'node:timers/promises';
import { createGameKeys } from '../../../server/stores/keys.ts';
import { many, progress } from '../support/interleaved.ts';
import type { Client } from './client.ts';
import { joinAll, makeRoom, openClients, refuse, type Seated, type Stage, untilTold } from './stage.ts';

// Answers on their way at once.
const atOnce = 100;
// From the asking to the moment at which answers count, and until the rest of it is over.
const settleMs = 1_500;
// A socket that has not joined after ten seconds is closed, so a crowd comes in lots.
const lotSize = 500;

export interface PlayedRound {
  /** CPU of the server for an answer, from the first one sent to the last one stored. */
  readonly answerUs: number;
  /** From the last answer stored to its ROUND_RESULT at the socket that was told last. */
  readonly lastMs: number;
  /** The same at the socket that was told first. */
  readonly firstMs: number;
}

export async function openRoom(stage: Stage, count: number): Promise<Seated> {
  const made = await makeRoom(stage);
  const players: Client[] = [];
  while (players.length < count) {
    const lot = await openClients(stage, Math.min(lotSize, count - players.length));
    await joinAll(made.room, lot);
    players.push(...lot);
  }
  return { ...made, players };
}

/** Rounds in all of the rooms at the same time; one before them warms up. */
export async function playRounds(
  stage: Stage,
  rooms: readonly Seated[],
  rounds: number,
  label: string,
): Promise<PlayedRound[]> {
  const asked = new Map<Seated, string>();
  const played: PlayedRound[] = [];
  for (let round = 0; round <= rounds; round++) {
    progress(`${label}: round ${round} of ${rounds}`);
    await many(rooms.length, 50, async (at) => {
      const room = rooms[at] as Seated;
      const told = untilTold(room.players, 'NEW_QUESTION');
      const before = asked.get(room);
      refuse(
        await (before === undefined
          ? room.host.request('start', { after: null })
          : room.host.request('next', { roundId: before })),
      );
      asked.set(room, JSON.parse((await told).text).d.roundId);
    });
    await sleep(settleMs);
    const one = await answerAll(stage, rooms, asked);
    if (round > 0) played.push(one);
  }
  return played;
}

async function answerAll(
  stage: Stage,
  rooms: readonly Seated[],
  asked: ReadonlyMap<Seated, string>,
): Promise<PlayedRound> {
  const answers = rooms.flatMap((room) =>
    room.players.map((player) => ({ player, roundId: asked.get(room) ?? '' })),
  );
  const results = untilTold(
    rooms.flatMap(({ players }) => players),
    'ROUND_RESULT',
  );
  const before = stage.serverCpuUs();
  await many(answers.length, atOnce, async (at) => {
    const { player, roundId } = answers[at] as (typeof answers)[number];
    refuse(await player.request('answer', { roundId, answer: at % 3 === 0 ? 'FAKE' : 'FACT' }));
  });
  const stored = performance.now();
  const answerUs = (stage.serverCpuUs() - before) / answers.length;
  const { firstAt, lastAt } = await results;
  return { answerUs, lastMs: lastAt - stored, firstMs: firstAt - stored };
}

/** What the store holds for an answer in the log, the keys that are done, and the hints. */
export async function bytesPerAnswer(
  { commands }: Stage,
  rooms: readonly Seated[],
  rounds: number,
): Promise<number> {
  const keys = createGameKeys();
  const usage = async (key: string) =>
    Number((await commands.call('MEMORY', 'USAGE', key, 'SAMPLES', '0')) ?? 0);
  const [first] = rooms;
  if (first === undefined) throw new Error('no room');
  const { log, done, hints } = keys.of(first.room);
  const ofAll = await usage(hints);
  const ofRoom = (await usage(log)) + (await usage(done));
  // Of a room the events of preparing and playing are in it, too: they are few in a full one.
  const answers = first.players.length * rounds;
  return Math.round(ofRoom / answers + ofAll / (answers * rooms.length));
}
