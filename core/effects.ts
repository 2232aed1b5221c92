// What a commit changes beside the log: the few fields that guards look at, and the alarms to set. A pure
// function of an event and the room before it, so that every writer leaves the same guards behind.

import type { SubmitAnswer } from './commands.ts';
import { timers as timer } from './effect-names.ts';
import type { NewEvent, RecordedEvent } from './events.ts';
import type { GameId, PlayerId, RoundId } from './ids.ts';
import { limits } from './limits.ts';
import type { Effects, Guard, MetaChange, TimerChange } from './ports.ts';
import { afterPause, closesInMs, extendedBy } from './round-clock.ts';
import { isEntered, type Question, questionOf, type State } from './state.ts';

const none: Effects = { meta: [], timers: [] };
const playerField = (id: PlayerId): string => `player:${id}`;

export function effectsOf(event: NewEvent | RecordedEvent, before: State): Effects {
  switch (event.type) {
    case 'ROOM_CREATED':
      return { meta: [{ set: 'epoch', value: event.data.epoch }], timers: [] };
    case 'PLAYER_JOINED':
      return { meta: [{ set: playerField(event.data.playerId), rev: true }], timers: satDown(before) };
    case 'PLAYER_LEFT':
    case 'PLAYER_KICKED':
      return { meta: [{ drop: playerField(event.data.playerId) }], timers: [] };
    case 'START_ROUND':
    case 'RESEARCH_DONE':
    case 'DRAFT_READY':
      return { meta: [], timers: [{ set: timer.stage(event.cycleId), inMs: event.data.stageMs }] };
    case 'VALIDATION_COMPLETE':
      return { meta: [], timers: [{ cancel: timer.stage(event.cycleId) }] };
    case 'NEW_QUESTION':
      return opened(event);
    case 'ROUND_EXTENDED':
      return before.phase === 'question' ? extended(before.question, event.data.ms) : none;
    case 'ROUND_CLOSED':
    case 'ROUND_SKIPPED':
      return shut(event, before);
    case 'ROUND_COMPLETE':
      return { meta: [], timers: opensIn(event.game, event.data.intermissionMs) };
    case 'GAME_PAUSED':
    case 'GAME_OVER':
      return shut(event, before);
    case 'GAME_RESUMED':
      return resumed(before);
    default:
      return none;
  }
}

/** Wakes the game master for the first player, and for none of the thousand after it. */
function satDown(before: State): TimerChange[] {
  return before.phase === 'none' || isEntered(before) ? [] : [{ set: timer.prepare, inMs: 0 }];
}

function opensIn(game: GameId | null, inMs: number | null): TimerChange[] {
  return inMs === null ? [] : [{ set: timer.open(game), inMs }];
}

// One ms after the last moment at which an answer counts.
const closeAlarm = (roundId: RoundId | null, closes: { inMs: number } | { at: number }): TimerChange =>
  'at' in closes
    ? { set: timer.close(roundId), at: closes.at + 1 }
    : { set: timer.close(roundId), inMs: Math.max(0, closes.inMs + 1) };

function opened({ roundId, data }: NewEvent<'NEW_QUESTION'>): Effects {
  const inMs = closesInMs(data);
  const alarm: TimerChange =
    data.answerMs === null
      ? { set: timer.look(roundId), inMs: data.leadMs + limits.relaxedLookMs }
      : closeAlarm(roundId, { inMs });
  return {
    meta: [
      { set: 'round', value: String(roundId) },
      { set: 'openedRev', rev: true },
      { set: 'opensAt', inMs: data.leadMs },
      { set: 'closesAt', inMs },
      { set: 'answered', value: '0' },
    ],
    timers: [alarm],
  };
}

function extended(question: Question, ms: number): Effects {
  if (question.deadline === null) return none;
  const { closesAt, roundId } = extendedBy(question, ms);
  return {
    meta: [{ set: 'closesAt', value: String(closesAt) }],
    timers: [closeAlarm(roundId, { at: closesAt })],
  };
}

function shut(event: NewEvent | RecordedEvent, before: State): Effects {
  const roundId = before.phase === 'none' ? null : (questionOf(before)?.roundId ?? null);
  const meta: MetaChange[] = [{ drop: 'round' }];
  const round: TimerChange[] =
    roundId === null ? [] : [{ cancel: timer.close(roundId) }, { cancel: timer.look(roundId) }];
  const open: TimerChange[] =
    event.type === 'ROUND_SKIPPED' && before.phase !== 'paused'
      ? opensIn(event.game, event.data.intermissionMs)
      : [{ cancel: timer.open(event.game) }];
  return { meta, timers: [...round, ...open] };
}

/**
 * Everything is due as long after the resuming as it was after the pausing; what was overdue stays overdue.
 */
function resumed(before: State): Effects {
  if (before.phase !== 'paused') return none;
  const { was, pausedAt, game } = before;
  if (was.phase === 'waiting') {
    return {
      meta: [],
      timers: opensIn(game, was.nextAt === null ? null : Math.max(0, was.nextAt - pausedAt)),
    };
  }
  const { roundId, opensAt, deadline } = was.question;
  // As if it went on at once: the commit adds its own moment.
  const inMs = afterPause(was.question, { from: pausedAt, to: pausedAt }).closesAt - pausedAt;
  const meta: MetaChange[] = [
    { set: 'round', value: roundId },
    // What was overdue keeps its moment, which has passed.
    inMs < 0 ? { set: 'closesAt', value: String(was.question.closesAt) } : { set: 'closesAt', inMs },
  ];
  if (opensAt > pausedAt) meta.push({ set: 'opensAt', inMs: opensAt - pausedAt });
  const alarm: TimerChange =
    deadline === null
      ? { set: timer.look(roundId), inMs: limits.relaxedLookMs }
      : closeAlarm(roundId, { inMs });
  return { meta, timers: [alarm] };
}

/** Stands in for `decide` where thousands answer at once: checked in the commit itself, against its clock. */
export function answerGuards({ playerId, roundId }: SubmitAnswer): readonly Guard[] {
  const player = playerField(playerId);
  return [
    { field: player, present: true, else: 'not_joined' },
    { field: 'round', equals: roundId, else: 'round_not_active' },
    { field: player, lessThanField: 'openedRev', else: 'round_not_active' },
    { field: 'opensAt', reached: true, else: 'round_not_active' },
    { field: 'closesAt', passed: false, else: 'too_late' },
  ];
}
