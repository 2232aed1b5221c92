// What is on screen, folded from what the server says. Pure, and the same for the page and the terminal:
// whatever arrives live, after a reconnect or as a whole state comes to the same screen.

import type {
  Answer,
  Entry,
  JoinReply,
  Member,
  Message,
  Question,
  Result,
  RoomState,
  Settings,
  You,
} from './wire.ts';

export interface Screen {
  readonly role: JoinReply['role'] | null;
  readonly playerId: string | null;
  readonly room: RoomState | null;
  /** The answer that is locked in for the open question. */
  readonly locked: Answer | null;
  /** The answer that was given last, until it is refused for another reason than that it came too late. */
  readonly given: { readonly roundId: string; readonly answer: Answer } | null;
  readonly tick: { readonly answered: number; readonly players: number } | null;
  readonly agents: { readonly stage: string | null; readonly nextReady: boolean } | null;
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
  const agents = screen.agents ?? { stage: room.nextReady ? 'ready' : null, nextReady: room.nextReady };
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
  const { t, d } = message;
  const { room } = screen;
  if (room === null) return screen;
  switch (t) {
    case 'tick':
      return { ...screen, tick: d as unknown as NonNullable<Screen['tick']> };
    case 'agents':
      return { ...screen, agents: d as unknown as NonNullable<Screen['agents']> };
    case 'presence':
      return { ...screen, away: presence(screen.away, d as unknown as PresenceList) };
    case 'ROUND_VOIDED':
      return {
        ...screen,
        voided: String(d['roundId']),
        room: unplaced(room, d),
      };
    case 'you':
      return { ...screen, room: { ...room, you: d as unknown as You } };
    case 'NEW_QUESTION':
      return {
        ...screen,
        room: asked(room, d as unknown as Question),
        locked: null,
        tick: null,
        missed: wasMissed(screen, message) ? screen.missed : [],
      };
    case 'GAME_START':
      return {
        ...screen,
        room: started(room, d as unknown as Started),
        locked: null,
        tick: null,
        missed: [],
      };
    case 'ROUND_RESULT': {
      const result = d as unknown as Result;
      const missed = wasMissed(screen, message) ? [...screen.missed, result] : screen.missed;
      return { ...screen, missed, room: { ...room, closed: true, result } };
    }
    default: {
      const next = roomAfter(room, t, d);
      return next === room ? screen : { ...screen, room: next };
    }
  }
}

const wasMissed = ({ backAt }: Screen, { at }: Message): boolean =>
  backAt !== null && at !== undefined && at <= backAt;

/** After a game a retraction moves the places, too. */
function unplaced(room: RoomState, { podium }: Message['d']): RoomState {
  return podium === null || podium === undefined ? room : { ...room, podium: podium as Entry[][] };
}

type PresenceList = readonly { readonly playerId: string; readonly connected: boolean }[];

function presence(away: ReadonlySet<string>, list: PresenceList): ReadonlySet<string> {
  const next = new Set(away);
  for (const { playerId, connected } of list) {
    if (connected) next.delete(playerId);
    else next.add(playerId);
  }
  return next;
}

interface Started {
  readonly game: string;
  readonly settings: Settings;
}

const nothingYet = { score: 0, streak: 0, rank: 0, change: 0, points: 0, right: 0, counted: 0 };

function started(room: RoomState, { game, settings }: Started): RoomState {
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

function asked(room: RoomState, question: Question): RoomState {
  const { round, rounds, roundId: lastRoundId } = question;
  return {
    ...room,
    phase: 'question',
    closed: false,
    question,
    // Whoever is here when it is asked may answer it.
    eligible: true,
    lastRoundId,
    result: null,
    nextAt: null,
    round,
    rounds,
  };
}

function roomAfter(room: RoomState, t: string, d: Message['d']): RoomState {
  switch (t) {
    case 'SETTINGS_CHANGED':
      return { ...room, settings: d['settings'] as Settings };
    case 'PLAYER_JOINED':
      return { ...room, players: [...without(room.players, d), d as unknown as Member] };
    case 'PLAYER_LEFT':
    case 'PLAYER_KICKED':
      return { ...room, players: without(room.players, d) };
    case 'ROUND_CLOSED':
      return { ...room, closed: true };
    case 'LEADERBOARD_UPDATE':
      return { ...room, entries: d['entries'] as Entry[], playerCount: Number(d['playerCount']) };
    case 'ROUND_COMPLETE':
      return {
        ...room,
        phase: 'waiting',
        closed: false,
        question: null,
        nextAt: d['nextAt'] as number | null,
      };
    case 'ROUND_SKIPPED':
      return {
        ...room,
        phase: 'waiting',
        closed: false,
        question: null,
        result: null,
        nextAt: d['nextAt'] as number | null,
      };
    case 'ROUND_EXTENDED':
    case 'GAME_RESUMED':
      return resumed(room, d);
    case 'GAME_PAUSED':
      return {
        ...room,
        paused: { reason: String(d['reason']), remainingMs: d['remainingMs'] as number | null },
      };
    case 'GAME_OVER':
      return {
        ...room,
        phase: 'over',
        closed: false,
        question: null,
        nextAt: null,
        paused: null,
        you: room.you === null ? null : { ...room.you, change: 0 },
        entries: d['entries'] as Entry[],
        podium: d['podium'] as Entry[][],
      };
    default:
      return room;
  }
}

function without(players: readonly Member[], { playerId }: Message['d']): Member[] {
  return players.filter((player) => player.playerId !== playerId);
}

function resumed(room: RoomState, d: Message['d']): RoomState {
  const { question } = room;
  if (question === null || question.roundId !== d['roundId']) {
    return { ...room, paused: null, nextAt: (d['nextAt'] as number | null | undefined) ?? room.nextAt };
  }
  const opensAt = (d['opensAt'] as number | undefined) ?? question.opensAt;
  return {
    ...room,
    paused: null,
    question: { ...question, opensAt, deadline: d['deadline'] as number | null },
  };
}
