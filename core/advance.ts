// What the game master does next, from the room and the world alone: whatever wakes it, and however often,
// it comes to the same step. One call gives one step; it is called again until nothing is
// left to do.

import type { Difficulty, Truth } from './claim.ts';
import type { CommandOf, EmbeddedClaim, World } from './commands.ts';
import { type Decided, type Decision, gameScope, nothing } from './decision.ts';
import { keys, timers } from './effect-names.ts';
import { reject } from './errors.ts';
import type { NewEvent } from './events.ts';
import { hash32 } from './hash32.ts';
import type { PlayerId } from './ids.ts';
import { limits } from './limits.ts';
import { cycleScope } from './preparing.ts';
import { gameOver, intermissionMsOf, roundClosed, roundScope } from './round.ts';
import { scoreRound, topOf } from './scoring.ts';
import type { Asking, Closed, Preparation, Room, Waiting } from './state.ts';
import { eligiblePlayers, isEntered, roundOf, roundsLeft } from './state.ts';

/** What `advance` wants to know of the world beyond the clock. */
export interface Needs {
  readonly answers: boolean;
  readonly presence: boolean;
  /** Facts of claims that are ready: they may have been taken back since. */
  readonly facts: readonly string[];
  /** Topic and difficulty of an embedded claim that is needed now. */
  readonly embedded: { readonly topic: string | null; readonly difficulty: Difficulty } | null;
}

/** What is known before anything is looked up. */
export interface Outset extends Seen {
  /** A host goes on by hand: the next question is due whatever the clock says. */
  readonly byHand: boolean;
}

export function needsOf(room: Room, { byHand, ...seen }: Outset): Needs {
  const { now } = seen;
  const relaxed = room.phase === 'question' && room.question.deadline === null;
  const due = (byHand && room.phase === 'waiting') || isDue(room, now);
  const opens = due && roundsLeft(room) > 0;
  const lost = wantsMore(room, seen) ? firstFailed(room, seen) : null;
  const embedded = (opens && firstReady(room, seen) === null) || (lost !== null && isSpent(lost));
  return {
    answers: room.phase === 'closed' || relaxed,
    presence: opens || relaxed,
    facts: room.preparing.flatMap(({ work }) => (work.stage === 'ready' ? [work.claim.factKey] : [])),
    embedded: embedded ? { topic: room.settings.topic, difficulty: wantedDifficulty(room) } : null,
  };
}

/** The next step of the game, or no event when there is none. */
export function advance(world: World, room: Room): Decision {
  if (room.phase === 'question') {
    const reason = whyClose(room, world);
    if (reason !== null) return roundClosed(room, reason);
  }
  if (room.phase === 'closed') return complete(room, world);
  if (room.phase === 'waiting' && isDue(room, world.now)) {
    if (roundsLeft(room) === 0) return gameOver(room, 'finished');
    if ((world.silentMs ?? 0) >= limits.idlePauseMs) return pauseIdle(room);
    return openNext(room, world);
  }
  const prepared = prepare(room, world);
  return prepared.events.length === 0 ? lookAgain(room) : prepared;
}

/** A round without a clock has no alarm of its own, so it is looked at again and again. */
function lookAgain(room: Room): Decided {
  if (room.phase !== 'question' || room.question.deadline !== null) return nothing;
  return { ...nothing, timers: [{ set: timers.look(room.question.roundId), inMs: limits.relaxedLookMs }] };
}

function isDue(room: Room, now: number): room is Waiting {
  return room.phase === 'waiting' && room.nextAt !== null && room.nextAt <= now;
}

function whyClose(room: Asking, world: World): 'deadline' | 'all_answered' | null {
  if (world.now > room.question.closesAt) return 'deadline';
  if (world.answers === null || world.connected === null) return null;
  const answered = new Set(world.answers.map((answer) => answer.playerId));
  return everyoneAnswered(room, answered, world.connected) ? 'all_answered' : null;
}

/** Whether a player is one of some. */
export type Among = Pick<ReadonlySet<PlayerId>, 'has'>;

/**
 * True when every eligible player who is connected has answered, and there is one. Compared as sets: an
 * answer of a player who left must not stand in for one who still thinks.
 */
export function everyoneAnswered(room: Asking, answered: Among, connected: Among): boolean {
  const present = eligiblePlayers(room, room.question).filter((player) => connected.has(player.id));
  return present.length > 0 && present.every((player) => answered.has(player.id));
}

function complete(room: Closed, world: World): Decision {
  if (world.answers === null) return nothing;
  const { question, settings } = room;
  const scope = roundScope(room, question);
  const { results, board, split } = scoreRound(room, question, world.answers);
  const { verdict, factKey, origin, question: asked } = question.claim;
  const { truth, explanation, source, confidence } = verdict;
  const result = { question: asked, truth, explanation, source, confidence, factKey, split, results };
  const { provider, model } = origin;
  const intermissionMs = intermissionMsOf(room);
  return {
    key: keys.result(question.roundId),
    events: [
      { type: 'ROUND_RESULT', ...scope, data: { ...result, origin: { provider, model } } },
      { type: 'LEADERBOARD_UPDATE', ...scope, data: topOf(board) },
      { type: 'ROUND_COMPLETE', ...scope, data: { rounds: settings.rounds, intermissionMs } },
    ],
  };
}

function pauseIdle(room: Waiting): Decision {
  const data = { reason: 'idle', remainingMs: 0 } as const;
  return { key: null, events: [{ type: 'GAME_PAUSED', ...gameScope(room), data }] };
}

/** The host goes on without waiting; `roundId` names the round that is behind, null before the first. */
export function nextRound({ roundId, world }: CommandOf<'nextRound'>, room: Room): Decision {
  if (room.phase !== 'waiting') {
    return roundId !== null && !room.shown.has(roundId) ? reject('invalid_round_id') : nothing;
  }
  if (roundId !== room.lastRoundId) return nothing;
  return openNext(room, world);
}

/** Opens the next question: the first claim that is ready, or an embedded one in the same commit. */
export function openNext(room: Waiting, world: World): Decision {
  if (roundsLeft(room) === 0) return gameOver(room, 'finished');
  const round = room.round + 1;
  const key = keys.open(room.game, round);
  const ready = firstReady(room, world);
  if (ready?.work.stage === 'ready') {
    return { key, events: [question(room, round, world, ready.cycleId, ready.work.claim)] };
  }
  if (world.embedded === null) return nothing;
  const slot = { slot: room.slots + 1, attempt: 1 };
  const { candidate } = world.embedded;
  const claim = { ...candidate, question: candidate.claim };
  const cycle = embeddedCycle(room, world, world.embedded, slot);
  return { key, events: [...cycle, question(room, round, world, world.cycleId, claim)] };
}

function question(
  room: Waiting,
  round: number,
  { roundId }: World,
  cycleId: World['cycleId'],
  claim: { readonly question: string; readonly topic: string; readonly difficulty: Difficulty },
): NewEvent {
  const { settings, pace } = room;
  const { question: text, topic, difficulty } = claim;
  const answerMs = settings.seconds === null ? null : settings.seconds * 1_000;
  const data = { question: text, topic, difficulty, rounds: settings.rounds, leadMs: pace.leadMs, answerMs };
  return { type: 'NEW_QUESTION', game: room.game, round, roundId, cycleId, data };
}

export type Seen = Pick<World, 'now' | 'retracted'>;

function firstReady(room: Room, seen: Seen): Preparation | null {
  return room.preparing.find((one) => one.work.stage === 'ready' && !failed(one, seen)) ?? null;
}

/** Turned down, too late, or about a fact that was taken back while the claim waited. */
function failed({ work }: Preparation, { now, retracted }: Seen): boolean {
  if (work.stage === 'ready') return retracted.has(work.claim.factKey);
  return work.stage === 'rejected' || work.dueAt <= now;
}

function firstFailed(room: Room, seen: Seen): Preparation | null {
  return room.preparing.find((preparation) => failed(preparation, seen)) ?? null;
}

/** Whether more claims are needed: people are there, too few are in good health, and rounds are left. */
function wantsMore(room: Room, seen: Seen): boolean {
  if (room.phase === 'paused' || !isEntered(room)) return false;
  if (room.thrownAway > limits.claimsThrownAwayMax + room.shown.size) return false;
  const healthy = room.preparing.filter((preparation) => !failed(preparation, seen)).length;
  return healthy < Math.min(room.pace.claimsAhead, roundsLeft(room));
}

function isSpent({ attempt }: Preparation): boolean {
  return attempt >= limits.cycleAttemptsMax;
}

/** Keeps the wanted number of claims requested or ready; gives a failed cycle a successor. */
function prepare(room: Room, world: World): Decided {
  if (!wantsMore(room, world)) return nothing;
  const lost = firstFailed(room, world);
  if (lost !== null && isSpent(lost)) {
    if (world.embedded === null) return nothing;
    const next = { slot: lost.slot, attempt: lost.attempt + 1 };
    return {
      key: keys.prepare(next.slot, next.attempt),
      events: embeddedCycle(room, world, world.embedded, next),
    };
  }
  if (lost !== null) {
    const { slot, attempt, truthWanted, topic, difficulty } = lost;
    const again = { slot, attempt: attempt + 1, truthWanted, topic, difficulty };
    return { key: keys.prepare(slot, attempt + 1), events: [startRound(room, world, again)] };
  }
  const slot = room.slots + 1;
  const truthWanted = wantedTruth(room, world.chance);
  const topic = room.settings.topic ?? topicInTurn(room, world.topics, slot);
  const wish = { slot, attempt: 1, truthWanted, topic, difficulty: wantedDifficulty(room) };
  return { key: keys.prepare(slot, 1), events: [startRound(room, world, wish)] };
}

/** Each as often as any other, in an order that is a room's own: a short game should not begin as all do. */
function topicInTurn({ epoch }: Room, topics: readonly string[], slot: number): string {
  const place = (topic: string) => hash32(`${epoch} ${topic}`);
  const order = topics.toSorted((a, b) => place(a) - place(b));
  return order[slot % Math.max(1, order.length)] ?? 'Anything';
}

type Wish = Pick<Preparation, 'slot' | 'attempt' | 'topic' | 'difficulty' | 'truthWanted'>;

function startRound(room: Room, { cycleId }: World, wish: Wish): NewEvent {
  const data = { ...wish, stageMs: room.pace.stageMs };
  return { type: 'START_ROUND', ...cycleScope(room, cycleId), round: roundFor(room, wish.slot), data };
}

/** The round that a slot is meant for, as things stand. */
function roundFor(room: Room, slot: number): number {
  const ahead = room.preparing.filter((preparation) => preparation.slot < slot).length;
  return roundOf(room) + 1 + ahead;
}

/** A whole cycle in one commit, for a claim whose truth is at hand. */
function embeddedCycle(
  room: Room,
  world: World,
  { candidate, verdict, origin }: EmbeddedClaim,
  { slot, attempt }: { slot: number; attempt: number },
): NewEvent[] {
  const { topic, difficulty, truth, claim } = candidate;
  const wish = { slot, attempt, topic, difficulty, truthWanted: truth };
  const started = startRound(room, world, wish);
  const { type: _type, data: _data, ...scope } = started;
  const { stageMs } = room.pace;
  const draft = { question: claim, candidate: 0 };
  return [
    started,
    { type: 'RESEARCH_DONE', ...scope, data: { candidates: [candidate], origin, stageMs } },
    { type: 'DRAFT_READY', ...scope, data: { draft, candidate, origin, stageMs } },
    { type: 'VALIDATION_COMPLETE', ...scope, data: { approved: true, reason: null, verdict, origin } },
  ];
}

/** Leans towards the truth that came less often, so that neither answer is the better guess. */
function wantedTruth(room: Room, chance: number): Truth {
  const ahead = room.preparing.map((preparation) => preparation.truthWanted);
  const facts = room.truths.FACT + ahead.filter((truth) => truth === 'FACT').length;
  const fakes = room.truths.FAKE + ahead.filter((truth) => truth === 'FAKE').length;
  const lean = Math.max(-0.35, Math.min(0.35, (fakes - facts) * 0.15));
  return chance < 0.5 + lean ? 'FACT' : 'FAKE';
}

/** Adaptive: harder when most were right in the last rounds, easier when few were. */
function wantedDifficulty(room: Room): Difficulty {
  if (room.settings.difficulty !== 'adaptive') return room.settings.difficulty;
  if (room.accuracy.length === 0) return 'normal';
  const mean = room.accuracy.reduce((sum, share) => sum + share, 0) / room.accuracy.length;
  if (mean > 0.8) return 'hard';
  return mean < 0.5 ? 'easy' : 'normal';
}
