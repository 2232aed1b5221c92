// A store as it is after months: the memory and the past games are full, so that each new one takes the place
// of an old one. What is put there is of the size of real ones.

import { ulid } from 'ulid';
import { createHashedEmbedder } from '../../../agents/memory/hashed-embedder.ts';
import { GameId, PlayerId, RoomCode, RoundId } from '../../../core/ids.ts';
import { limits } from '../../../core/limits.ts';
import type { PlayedQuestion } from '../../../core/memory.ts';
import type { PastGame } from '../../../core/past-game.ts';
import { createBoardStore } from '../../../server/stores/boards.ts';
import { createGameKeys } from '../../../server/stores/keys.ts';
import { createMemory } from '../../../server/stores/memory.ts';
import type { Valkey } from '../../../streams/parts.ts';

const room = RoomCode.parse('FULFUL');
const keys = createGameKeys();
// Older than all that is played.
const longAgo = 1_000_000_000_000;
const atOnce = 50;

const questionOf = (n: number): string =>
  `A claim of long ago, the ${n}th of many, says what no other one says of ${n * 7}.`;
const source = { name: 'A source that is named', url: 'https://example.org/where-it-can-be-looked-up' };

function played(n: number): PlayedQuestion {
  return {
    roundId: RoundId.parse(ulid(longAgo + n)),
    room,
    at: longAgo + n,
    question: questionOf(n),
    topic: 'Geography',
    difficulty: 'normal',
    truth: n % 2 === 0 ? 'FACT' : 'FAKE',
    factKey: `long-ago:number:${n}`,
    accuracy: 0.5,
  };
}

function past(n: number): PastGame {
  const names = Array.from({ length: limits.boardEntriesMax }, (_, place) => `Player ${place + 1}`);
  return {
    game: GameId.parse(ulid(longAgo + n)),
    room,
    trial: true,
    startedAt: longAgo + n,
    endedAt: longAgo + n,
    settings: { topic: null, difficulty: 'normal', rounds: 4, seconds: 5 },
    entries: names.map((name, place) => ({
      playerId: PlayerId.parse(ulid(longAgo + place)),
      name,
      score: 4_000 - place,
      rank: place + 1,
      change: 0,
    })),
    playerCount: 50,
    rounds: [1, 2, 3, 4].map((round) => ({
      roundId: RoundId.parse(ulid(longAgo + n)),
      round,
      question: questionOf(n),
      topic: 'Geography',
      difficulty: 'normal',
      status: 'complete',
      result: {
        truth: 'FACT',
        explanation:
          'It is so, as the source says that is named below, with a number and with a second one beside it.',
        source,
        split: { FACT: 30, FAKE: 17, none: 3 },
      },
    })),
  };
}

/** Before anything is played. */
export async function fillShelves(commands: Valkey): Promise<void> {
  const embedder = createHashedEmbedder();
  const memory = createMemory(commands, keys, embedder);
  const { embedTextsMax, memoryQuestionsMax, pastGamesKept } = limits;
  const lots = Math.ceil(memoryQuestionsMax / embedTextsMax);
  await each(lots, async (lot) => {
    const some = Array.from({ length: embedTextsMax }, (_, n) => played(lot * embedTextsMax + n));
    const vectors = await embedder.embed(
      some.map(({ question }) => question),
      AbortSignal.timeout(60_000),
    );
    const questions = some.flatMap((one, n) => {
      const embedding = vectors[n];
      return embedding === undefined ? [] : [{ played: one, embedding }];
    });
    await memory.remember({ room, epoch: 'full', rev: lot + 1, questions });
  });
  const boards = createBoardStore(commands, keys);
  await each(pastGamesKept, (n) => boards.publish(past(n), 1));
  // The room itself has long gone.
  await commands.hdel(keys.memory.rooms, room);
}

async function each(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
