// What people may see, after each event of whole games with all that can happen in them: no field but those
// that are allowed, and no verdict before its result.

import { describe, expect, test } from 'vitest';
import { type EventType, eventTypes, type RecordedEvent } from '../../core/events.ts';
import { type Game, game } from '../../core/game.ts';
import { agentsView, frameOf, stateView, youOf } from '../../core/player-view.ts';
import type { Room } from '../../core/state.ts';
import { fold, unfolded } from '../../streams/handle/fold.ts';
import {
  eventFields,
  httpFields,
  type Shape,
  strayFields,
  verdictsTooEarly,
  volatileFields,
} from '../support/fields-allowed.ts';
import { advance, aGameId, aLobbyWith, gameOf, playerOf, questionOf, roomOf } from '../support/histories.ts';
import { answer, ask, finish, type Table } from '../support/played-game.ts';

/** Every type of event, at least once. */
function everything(): Table {
  const table = aLobbyWith(['Ada', 'Bo', 'Cy'], { rounds: 3 })();
  const ada = playerOf(table, 'Ada');
  table.act({ type: 'changeSettings', change: { streaks: false }, requestId: 'one' });
  table.act({ type: 'startGame', after: null, game: aGameId() });
  const first = ask(table);
  answer(table, ada, 'FACT', 100);
  table.act({ type: 'reportClaim', playerId: ada, roundId: first, reason: 'not so' });
  table.act({ type: 'leavePlayer', playerId: playerOf(table, 'Bo') });
  table.act({ type: 'kickPlayer', playerId: playerOf(table, 'Cy'), ban: true });
  table.act({ type: 'pauseGame', reason: 'host', now: table.now });
  table.act({ type: 'resumeGame' });
  table.act({ type: 'extendRound', roundId: first, ms: 1_000, requestId: 'two' });
  finish(table);
  const { factKey } = { factKey: 'of the first' };
  const played = { game: gameOf(table), round: 1, factKey, points: [{ playerId: ada, points: 900 }] };
  table.act({ type: 'skipRound', roundId: ask(table), reason: 'host' });
  table.now += 2_000;
  ask(table);
  table.act({ type: 'closeRound', roundId: questionOf(table).roundId, reason: 'host' });
  table.act(advance({ answers: [] })(table));
  table.act({ type: 'endGame', game: gameOf(table) });
  table.act({ type: 'retractRound', roundId: first, reason: 'wrong', played });
  expect(roomOf(table).phase).toBe('over');
  return table;
}

interface Step {
  readonly event: RecordedEvent;
  readonly room: Room;
  readonly result: RecordedEvent<'ROUND_RESULT'> | null;
  readonly revealed: ReadonlySet<string>;
}

function steps({ log }: Table): Step[] {
  let folded = unfolded<Game>(game);
  let result: Step['result'] = null;
  const revealed = new Set<string>();
  return log.flatMap((event) => {
    folded = fold<Game>(game, folded, [event]);
    if (event.type === 'ROUND_RESULT') {
      result = event;
      revealed.add(String(event.roundId));
    }
    const { state } = folded;
    return state.phase === 'none' ? [] : [{ event, room: state, result, revealed: new Set(revealed) }];
  });
}

const nothing: Shape = {};

describe('after each event', () => {
  const all = steps(everything());
  const wrong = (view: (step: Step) => readonly [unknown, Shape | undefined]) =>
    all.flatMap((step) => {
      const [value, shape = nothing] = view(step);
      const objections = [...strayFields(value, shape), ...verdictsTooEarly(value, step.revealed)];
      return objections.map((what) => `${what} after ${step.event.type}`);
    });

  test('there is one of every type to be judged', () => {
    const seen = new Set(all.map(({ event }) => event.type));
    expect(eventTypes.filter((type) => !seen.has(type))).toEqual([]);
  });

  test('a frame has no field but those that may be told', () => {
    const frame = { s: true, t: true, at: true } as const;
    expect(
      wrong(({ event, room }) => [frameOf(event, room), { ...frame, d: eventFields[event.type] ?? nothing }]),
    ).toEqual([]);
  });

  test('what agents do, and what is answered and reported, is no frame at all', () => {
    const silent = all.flatMap(({ event, room }) => (frameOf(event, room) === null ? [event.type] : []));
    const unseen: readonly EventType[] = [
      ...(['ROOM_CREATED', 'START_ROUND', 'RESEARCH_DONE', 'DRAFT_READY'] as const),
      ...(['VALIDATION_COMPLETE', 'ANSWER_SUBMITTED', 'CLAIM_REPORTED'] as const),
    ];
    expect([...new Set(silent)].toSorted()).toEqual(unseen.toSorted());
  });

  test('the state of a room has no field but those that may be told', () => {
    expect(wrong(({ room, result }) => [stateView(room, result), httpFields['/api/rooms/:room']])).toEqual(
      [],
    );
  });

  test('the lights and what a player is told of themselves have none either', () => {
    expect(wrong(({ room }) => [agentsView(room), volatileFields['agents']])).toEqual([]);
    const ada = [...roomOf(everything()).players.keys()][0];
    if (ada === undefined) throw new Error('nobody is here');
    const you = ({ room, result }: Step) => youOf(room, result, [...room.players.keys()][0] ?? ada);
    expect(wrong((step) => [you(step), volatileFields['you']])).toEqual([]);
  });
});
