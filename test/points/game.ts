// The game's four agents and its projector, as `arena agents` runs them all in one process: a round from the
// first claim to the end, with an answer and a host.

import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { groups } from '../../core/game.ts';
import { GameId } from '../../core/ids.ts';
import { submitAnswer } from '../../server/live/submit-answer.ts';
import { createPresence } from '../../server/stores/presence.ts';
import { checkHistory, type Promised } from '../support/check-history.ts';
import { eventsOf, joinAs } from '../support/commits.ts';
import { startEngine } from '../support/engine.ts';
import { arena } from '../support/processes.ts';
import { leftIn } from './left.ts';
import type { World } from './world.ts';

const lookMs = 40;

export const game: World = {
  name: 'game',
  groups,
  program: ({ url }, consumer) => ({
    file: arena,
    args: ['agents'],
    env: { VALKEY_URL: url, ARENA_SLOT: consumer, LOG_LEVEL: 'error' },
  }),
  async begin({ url }) {
    const engine = await startEngine(url);
    const { rooms, context, commands, keys } = engine;
    const room = await engine.createRoom({ rounds: 1, seconds: null });
    const ada = await joinAs(engine, room, 'Ada');
    await createPresence(commands, keys).touch(room, [ada], true);
    const start = { type: 'startGame', after: null, game: GameId.parse(ulid()) } as const;
    await rooms.handle(room, () => start, context);
    const acknowledged: Promised[] = [];
    return {
      async play(signal) {
        for (; ; await sleep(lookMs, undefined, { signal })) {
          const { state } = await rooms.load(room);
          if (state.phase === 'over') return;
          if (state.phase !== 'question') continue;
          const { roundId } = state.question;
          const answer = { playerId: ada, roundId, answer: 'FACT' } as const;
          await submitAnswer(rooms, room, answer, context);
          acknowledged.splice(0, 1, answer);
          await rooms.handle(room, () => ({ type: 'closeRound', roundId, reason: 'host' }), context);
        }
      },
      async judge() {
        const log = await eventsOf(engine, room);
        const board = JSON.parse((await commands.get(`game:leaderboard:${room}`)) ?? '{}') as {
          readonly entries?: unknown;
        };
        const over = log.findLast(({ type }) => type === 'GAME_OVER')?.data as { readonly entries: unknown };
        const same = JSON.stringify(board.entries) === JSON.stringify(over.entries);
        return [
          ...checkHistory({ log, acknowledged }),
          ...(same ? [] : [`the board is ${JSON.stringify(board.entries)}`]),
        ];
      },
      left: () => leftIn(commands, 'game', groups),
      end: () => engine.close(),
    };
  },
};
