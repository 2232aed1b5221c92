// The write path: load, decide, commit; on a conflict decide again. Players, agents, alarms and operators all
// come through here. In one process the commands of a room queue up, because conflicts among a thousand joins
// cost seconds.

import { type Command, requestKey } from '../core/commands.ts';
import { decide } from '../core/decide.ts';
import { type Decided, nothing } from '../core/decision.ts';
import { keys } from '../core/effect-names.ts';
import { answerGuards, effectsOf } from '../core/effects.ts';
import type { Rejection } from '../core/errors.ts';
import type { Envelope, NewEvent, RecordedEvent } from '../core/events.ts';
import { evolve, type Folded } from '../core/evolve.ts';
import type { RoomCode } from '../core/ids.ts';
import { limits } from '../core/limits.ts';
import {
  type CommitOutcome,
  type CommitRequest,
  type Context,
  type Effects,
  type EventLog,
  Fault,
  type Handled,
  type Intent,
  type Rooms,
  type TimerChange,
} from '../core/ports.ts';
import type { State } from '../core/state.ts';
import { createFoldCache } from './fold-cache.ts';
import { createQueues } from './queues.ts';
import { stampEvents } from './stamp.ts';

type MakeCommand = Parameters<Rooms['handle']>[1];

export function createRooms(log: EventLog): Rooms {
  const cache = createFoldCache(log);
  const queues = createQueues<RoomCode>();

  /** `follows`: another command, which left the room as it is known here. */
  async function handle(
    room: RoomCode,
    makeCommand: MakeCommand,
    { context, follows }: { readonly context: Context; readonly follows: boolean },
  ): Promise<Handled> {
    const asked = await before(room, context);
    if (asked !== null) return asked;
    let known = follows ? cache.peek(room) : undefined;
    for (let tries = 0; tries < limits.conflictsMax; tries++) {
      const folded = known ?? (await cache.load(room));
      const command = await makeCommand(folded);
      const decision = decide(command, folded.state);
      // Only a commit of events finds out whether the room still is as it was known.
      const unsure = known !== undefined && !('events' in decision && decision.events.length > 0);
      known = undefined;
      if (unsure) continue;
      if ('rejected' in decision) {
        return rejected(log, { room, folded, command, context }, decision);
      }
      const decided = 'stale' in decision ? nothing : decision;
      const alarms = decided.alarms ?? [];
      // That an intent found nothing to do is kept, too: sent again later it would find something.
      const kept = context.settles !== undefined || context.intent !== undefined;
      if (decided.events.length + alarms.length === 0 && !kept) {
        return { status: 'stale' in decision ? 'stale' : 'nothing', folded };
      }
      const request = commitRequest(room, folded, decided, context);
      const outcome = await log.commit(request);
      if (outcome.status === 'conflict') continue;
      if (outcome.status === 'refused') {
        cache.forget(room);
        return { status: 'rejected', code: outcome.code, detail: null };
      }
      if (outcome.status === 'dup') {
        const meanwhile = await before(room, context);
        if (meanwhile !== null) return meanwhile;
      }
      if (request.events.length === 0) return { status: 'stale' in decision ? 'stale' : 'nothing', folded };
      if (outcome.status === 'dup') {
        return { status: 'dup', note: outcome.note, folded: await cache.load(room) };
      }
      const events = recorded(request, outcome);
      return { status: 'done', events, folded: await cache.append(room, folded, events) };
    }
    throw new Fault('too_many_conflicts', `room ${room}: ${limits.conflictsMax} conflicts in a row`, {
      retryable: true,
    });
  }

  const before = (room: RoomCode, { intent }: Context) =>
    intent === undefined ? null : askedBefore(log, room, intent, cache.load);

  return {
    load: (room) => cache.load(room),
    handle: (room, makeCommand, context) =>
      queues.run(room, (follows) => handle(room, makeCommand, { context, follows })),
    async answer(room, submission, context) {
      const known = cache.peek(room)?.state;
      const state = asks(known, submission.roundId) ? known : (await cache.load(room)).state;
      return log.commit(answerRequest({ room, state, context }, submission));
    },
  };
}

/** What an intent that was done before comes to now; null where it is new. */
async function askedBefore(
  log: EventLog,
  room: RoomCode,
  { key, content }: Intent,
  load: (room: RoomCode) => Promise<Folded>,
): Promise<Handled | null> {
  const first = await log.noted(room, key);
  if (first === null) return null;
  if (first.note !== content) return { status: 'rejected', code: 'key_reused', detail: null };
  return { status: 'dup', note: first.note, folded: await load(room) };
}

interface Refused {
  readonly room: RoomCode;
  readonly folded: Folded;
  readonly command: Command;
  readonly context: Context;
}

/**
 * A repeat is often refused because of what its first time changed, so the key is asked first. What was done
 * then is acknowledged now.
 */
async function rejected(
  log: EventLog,
  { room, folded, command, context }: Refused,
  { rejected: code, detail, reason }: Rejection,
): Promise<Handled> {
  const key = requestKey(command);
  const first = key === null ? null : await log.noted(room, key);
  if (first === null) {
    return { status: 'rejected', code, detail: detail ?? null, ...(reason === undefined ? {} : { reason }) };
  }
  if (context.settles !== undefined) {
    await log.commit(commitRequest(room, folded, { ...nothing, key }, context));
  }
  return { status: 'dup', note: first.note, folded };
}

function asks(state: State | undefined, roundId: string): state is State {
  return state?.phase === 'question' && state.question.roundId === roundId;
}

function scopeOf(state: State, roundId: Submission['roundId']) {
  const game = state.phase === 'none' ? null : state.game;
  if (state.phase !== 'question' || state.question.roundId !== roundId) {
    return { game, round: null, cycleId: null, roundId };
  }
  return { game, round: state.round, cycleId: state.question.cycleId, roundId };
}

type Submission = Parameters<Rooms['answer']>[1];

function answerRequest(
  about: { readonly room: RoomCode; readonly state: State; readonly context: Context },
  submission: Submission,
): CommitRequest {
  const { playerId, roundId, answer } = submission;
  const key = keys.answer(roundId, playerId);
  const scope = scopeOf(about.state, roundId);
  const event: NewEvent = { type: 'ANSWER_SUBMITTED', ...scope, data: { playerId, answer } };
  return {
    room: about.room,
    key,
    note: answer,
    expect: { guards: answerGuards(submission) },
    events: stampEvents([event], key, about),
    effects: { meta: [], timers: [] },
    count: 'answered',
  };
}

function commitRequest(room: RoomCode, folded: Folded, decided: Decided, context: Context): CommitRequest {
  const { events, key, note, alarms = [] } = decided;
  const { state, turn } = folded;
  const stamped = stampEvents(events, key, { room, state, context });
  return {
    room,
    key,
    ...(note === undefined ? {} : { note }),
    expect: state.phase === 'none' ? 'new' : { turn },
    events: stamped,
    effects: withAlarms(effectsOfAll(stamped, folded), alarms),
    ...(context.secrets === undefined ? {} : { secrets: context.secrets }),
    ...(context.settles === undefined ? {} : { settles: context.settles }),
    ...(context.intent === undefined ? {} : { intent: context.intent }),
  };
}

/** Effects of several events in order: each is asked about the room as the one before left it. */
function effectsOfAll(events: readonly Envelope[], { state, rev, at }: Folded): Effects {
  let before = state;
  const all = events.map((event, index) => {
    // The moment is provisional: no rule of `effectsOf` looks at the moment of another event of the same
    // commit.
    const [last] = events.slice(index - 1, index);
    if (last !== undefined) before = evolve(before, { ...last, rev: rev + index, at });
    return effectsOf(event, before);
  });
  return { meta: all.flatMap(({ meta }) => meta), timers: all.flatMap(({ timers }) => timers) };
}

function withAlarms({ meta, timers }: Effects, alarms: readonly TimerChange[]): Effects {
  return { meta, timers: [...timers, ...alarms] };
}

function recorded(
  request: CommitRequest,
  outcome: Extract<CommitOutcome, { status: 'ok' }>,
): RecordedEvent[] {
  const first = outcome.rev - request.events.length + 1;
  return request.events.map((event, index) => ({ ...event, rev: first + index, at: outcome.at }));
}
