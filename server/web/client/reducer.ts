// What is on screen, folded from what the server says. Pure, and the same for the page and the terminal:
// whatever arrives live, after a reconnect or as a whole state comes to the same screen.

import type { Frame } from '../../../core/messages.ts';
import type { Answer, JoinReply, Member, Message, Result, RoomState } from './wire.ts';

export interface Screen {
  readonly role: JoinReply['role'] | null;
  readonly playerId: string | null;
  readonly room: RoomState | null;
  /** The answer that is locked in for the open question. */
  readonly locked: Answer | null;
  /** The answer that was given last, until it is refused for another reason than that it came too late. */
  readonly given: { readonly roundId: string; readonly answer: Answer } | null;
  readonly tick: Told<'tick'> | null;
  readonly agents: Told<'agents'> | null;
  /** Players who are not connected now. */
  readonly away: ReadonlySet<string>;
  /** The round that an operator took back last. */
  readonly voided: string | null;
  /** Rounds that ended while the connection was lost; kept until a question is asked live. */
  readonly missed: readonly Result[];
  /** The server's time of the last coming back, in ms: what is older was missed. Null before the first. */
  readonly backAt: number | null;
}

export const emptyScreen: Screen = {
  role: null,
  playerId: null,
  room: null,
  locked: null,
  given: null,
  tick: null,
  agents: null,
  away: new Set(),
  voided: null,
  missed: [],
  backAt: null,
};

/** After a join. A recovered one keeps what is on screen: what was missed follows as messages. */
export function joined(screen: Screen, reply: JoinReply): Screen {
  const { role, playerId } = reply;
  const room = reply.state ?? screen.room;
  if (room === null) return { ...screen, role, playerId };
  const missed = missedBy(screen, reply);
  const backAt = screen.room === null ? null : reply.serverTime;
  const locked = reply.state === null ? screen.locked : reply.state.yourAnswer;
  // Until the agents are heard of: whether a claim is ready is known.
  const { nextReady } = room;
  const agents = screen.agents ?? { stage: nextReady ? 'ready' : null, nextReady };
  const you = reply.you ?? room.you;
  return { ...screen, role, playerId, locked, agents, missed, backAt, room: { ...room, you } };
}

/** With a whole state in place of messages, no more is known than the round that ended last. */
function missedBy({ room, missed }: Screen, { state }: JoinReply): readonly Result[] {
  const last = state?.result ?? null;
  return room === null || last === null || last.roundId === room.result?.roundId ? missed : [...missed, last];
}

/** Before the server has heard of an answer; null takes back what it refused. */
export const gave = (screen: Screen, given: Screen['given']): Screen => ({ ...screen, given });

/** What was answered too late for the round whose result is on screen; null where nothing was. */
export function lateAnswer({ given, room }: Screen): Answer | null {
  const { result, you } = room ?? { result: null, you: null };
  if (given === null || given.roundId !== result?.roundId || you?.roundId !== result.roundId) return null;
  return you.answer === null ? given.answer : null;
}

/** After the server has stored an answer. */
export function locked(screen: Screen, roundId: string, answer: Answer): Screen {
  return screen.room?.question?.roundId === roundId ? { ...screen, locked: answer } : screen;
}

export function receive(screen: Screen, message: Message): Screen {
  const { room } = screen;
  if (room === null) return screen;
  switch (message.t) {
    case 'tick':
      return { ...screen, tick: message.d };
    case 'agents':
      return { ...screen, agents: message.d };
    case 'presence':
      return { ...screen, away: presence(screen.away, message.d) };
    case 'crowd':
      return { ...screen, room: { ...room, members: message.d.members } };
    case 'you':
      return { ...screen, room: { ...room, you: message.d } };
    case 'ROUND_VOIDED': {
      // After a game a retraction moves the places, too.
      const { roundId, podium } = message.d;
      return { ...screen, voided: roundId, room: { ...room, podium: podium ?? room.podium } };
    }
    case 'NEW_QUESTION': {
      const missed = wasMissed(screen, message) ? screen.missed : [];
      return { ...screen, room: asked(room, message.d), locked: null, tick: null, missed };
    }
    case 'GAME_START':
      return { ...screen, room: started(room, message.d), locked: null, tick: null, missed: [] };
    case 'ROUND_RESULT': {
      const result = message.d;
      const missed = wasMissed(screen, message) ? [...screen.missed, result] : screen.missed;
      return { ...screen, missed, room: { ...room, closed: true, result } };
    }
    default: {
      const next = roomAfter(room, message);
      return next === room ? screen : { ...screen, room: next };
    }
  }
}

type Told<T extends Message['t']> = Extract<Message, { t: T }>['d'];

const wasMissed = ({ backAt }: Screen, { at }: Message): boolean => backAt !== null && at <= backAt;

function presence(away: ReadonlySet<string>, list: Told<'presence'>): ReadonlySet<string> {
  const next = new Set(away);
  for (const { playerId, connected } of list) {
    if (connected) next.delete(playerId);
    else next.add(playerId);
  }
  return next;
}

const nothingYet = { score: 0, streak: 0, rank: 0, change: 0, points: 0, right: 0, counted: 0 };

function started(room: RoomState, { game, settings }: Told<'GAME_START'>): RoomState {
  const zero = room.you === null ? null : { ...room.you, ...nothingYet };
  const rounds = settings.rounds;
  const fresh = {
    question: null,
    lastRoundId: null,
    result: null,
    entries: [],
    podium: null,
    nextAt: null,
    round: 0,
  };
  return { ...room, ...fresh, phase: 'waiting', closed: false, game, settings, rounds, you: zero };
}

function asked(room: RoomState, question: Told<'NEW_QUESTION'>): RoomState {
  const { round, rounds, roundId: lastRoundId } = question;
  return {
    ...room,
    phase: 'question',
    closed: false,
    question,
    // A player who is here when it is asked may answer it.
    eligible: true,
    lastRoundId,
    result: null,
    nextAt: null,
    round,
    rounds,
  };
}

type Elsewhere = 'GAME_START' | 'NEW_QUESTION' | 'ROUND_RESULT' | 'ROUND_VOIDED';

/** After what changes nothing but the room. */
function roomAfter(room: RoomState, message: Exclude<Frame, { t: Elsewhere }>): RoomState {
  switch (message.t) {
    case 'SETTINGS_CHANGED':
      return { ...room, settings: message.d.settings };
    case 'PLAYER_JOINED':
      return { ...room, players: [...without(room.players, message.d), message.d] };
    case 'PLAYER_LEFT':
    case 'PLAYER_KICKED':
      return { ...room, players: without(room.players, message.d) };
    case 'ROUND_CLOSED':
      return { ...room, closed: true };
    case 'LEADERBOARD_UPDATE':
      return { ...room, entries: message.d.entries, playerCount: message.d.playerCount };
    case 'ROUND_COMPLETE':
      return waiting(room, message.d.nextAt);
    case 'ROUND_SKIPPED':
      return { ...waiting(room, message.d.nextAt), result: null };
    case 'ROUND_EXTENDED':
    case 'GAME_RESUMED':
      return resumed(room, message.d);
    case 'GAME_PAUSED':
      return { ...room, paused: { reason: message.d.reason, remainingMs: message.d.remainingMs } };
    case 'GAME_OVER':
      return {
        ...waiting(room, null),
        phase: 'over',
        paused: null,
        you: room.you === null ? null : { ...room.you, change: 0 },
        entries: message.d.entries,
        podium: message.d.podium,
      };
    default:
      // A message that the protocol has does not compile until it is handled; one of a newer server is
      // passed over.
      message satisfies never;
      return room;
  }
}

const waiting = (room: RoomState, nextAt: number | null): RoomState => ({
  ...room,
  phase: 'waiting',
  closed: false,
  question: null,
  nextAt,
});

function without(players: readonly Member[], { playerId }: Pick<Member, 'playerId'>): Member[] {
  return players.filter((player) => player.playerId !== playerId);
}

function resumed(room: RoomState, { roundId, opensAt, deadline, nextAt }: Told<'GAME_RESUMED'>): RoomState {
  const { question } = room;
  if (question === null || question.roundId !== roundId) {
    return { ...room, paused: null, nextAt: nextAt ?? room.nextAt };
  }
  return { ...room, paused: null, question: { ...question, opensAt: opensAt ?? question.opensAt, deadline } };
}
