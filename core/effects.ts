// What a commit changes beside the log: the few fields that guards look at, and the alarms to set. A pure
// function of an event and the room before it, so that every writer leaves the same guards behind.

import type { SubmitAnswer } from './commands.ts';
import type { NewEvent, RecordedEvent } from './events.ts';
import type { PlayerId } from './ids.ts';
import { limits } from './limits.ts';
import type { Effects, Guard, MetaChange, TimerChange } from './ports.ts';
import type { Question, State } from './state.ts';

const none: Effects = { meta: [], timers: [] };
const playerField = (id: PlayerId): string => `player:${id}`;

export function effectsOf(event: NewEvent | RecordedEvent, before: State): Effects {
  switch (event.type) {
    case 'ROOM_CREATED':
      return { meta: [{ set: 'epoch', value: event.data.epoch }], timers: [] };
    case 'PLAYER_JOINED':
      return { meta: [{ set: playerField(event.data.playerId), rev: true }], timers: [] };
    case 'PLAYER_LEFT':
    case 'PLAYER_KICKED':
      return { meta: [{ drop: playerField(event.data.playerId) }], timers: [] };
    case 'START_ROUND':
    case 'RESEARCH_DONE':
    case 'DRAFT_READY':
      return { meta: [], timers: [{ set: `stage|${event.cycleId}`, inMs: event.data.stageMs }] };
    case 'VALIDATION_COMPLETE':
      return { meta: [], timers: [{ cancel: `stage|${event.cycleId}` }] };
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

function opensIn(game: string | null, inMs: number | null): TimerChange[] {
  return inMs === null ? [] : [{ set: `open|${game}`, inMs }];
}

function opened({ roundId, data }: NewEvent<'NEW_QUESTION'>): Effects {
  const { leadMs, answerMs } = data;
  const closesInMs = leadMs + (answerMs === null ? limits.relaxedRoundMsMax : answerMs + limits.graceMs);
  const alarm: TimerChange =
    answerMs === null
      ? { set: `look|${roundId}`, inMs: leadMs + limits.relaxedLookMs }
      : // One ms after the last moment at which an answer counts.
        { set: `close|${roundId}`, inMs: closesInMs + 1 };
  return {
    meta: [
      { set: 'round', value: String(roundId) },
      { set: 'openedRev', rev: true },
      { set: 'opensAt', inMs: leadMs },
      { set: 'closesAt', inMs: closesInMs },
      { set: 'answered', value: '0' },
    ],
    timers: [alarm],
  };
}

function extended(question: Question, ms: number): Effects {
  const closesAt = question.closesAt + ms;
  return {
    meta: [{ set: 'closesAt', value: String(closesAt) }],
    timers: [{ set: `close|${question.roundId}`, at: closesAt + 1 }],
  };
}

function shut(event: NewEvent | RecordedEvent, before: State): Effects {
  const roundId = before.phase === 'question' || before.phase === 'closed' ? before.question.roundId : null;
  const meta: MetaChange[] = [{ drop: 'round' }];
  const round: TimerChange[] =
    roundId === null ? [] : [{ cancel: `close|${roundId}` }, { cancel: `look|${roundId}` }];
  const open: TimerChange[] =
    event.type === 'ROUND_SKIPPED'
      ? opensIn(event.game, event.data.intermissionMs)
      : [{ cancel: `open|${event.game}` }];
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
      timers: opensIn(game, was.nextAt === null ? null : was.nextAt - pausedAt),
    };
  }
  const { roundId, opensAt, closesAt, deadline } = was.question;
  const closesInMs = closesAt - pausedAt;
  const meta: MetaChange[] = [
    { set: 'round', value: roundId },
    { set: 'closesAt', inMs: closesInMs },
  ];
  if (opensAt > pausedAt) meta.push({ set: 'opensAt', inMs: opensAt - pausedAt });
  const alarm: TimerChange =
    deadline === null
      ? { set: `look|${roundId}`, inMs: limits.relaxedLookMs }
      : { set: `close|${roundId}`, inMs: closesInMs + 1 };
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
