// How far a client knows its game, from what it was told: enough to act on. Nothing is judged by it.

import type { Data, Heard } from './history.ts';

export interface View {
  readonly phase: 'lobby' | 'waiting' | 'question' | 'over';
  readonly game: string | null;
  readonly round: number;
  /** The question that was asked last in this game. */
  readonly question: Data | null;
  readonly closed: boolean;
  readonly paused: boolean;
  /** Nothing goes on before the host says so. */
  readonly byHand: boolean;
  readonly roundId: string | null;
  readonly overs: ReadonlySet<string>;
  /** Players of the room, without those who left it. */
  readonly players: ReadonlySet<string>;
}

export const nothingSeen: View = {
  phase: 'lobby',
  game: null,
  round: 0,
  question: null,
  closed: false,
  paused: false,
  byHand: false,
  roundId: null,
  overs: new Set(),
  players: new Set(),
};

/** As the state of a join reply has it. */
export function viewOf(state: Data, before: View): View {
  const over = state['phase'] === 'over';
  const overs = over && state['game'] !== null ? new Set([...before.overs, state['game']]) : before.overs;
  return {
    phase: state['phase'],
    game: state['game'],
    round: state['round'],
    question: state['question'],
    closed: state['closed'],
    paused: state['paused'] !== null,
    byHand: state['phase'] === 'waiting' && state['nextAt'] === null && state['paused'] === null,
    roundId: state['lastRoundId'],
    overs,
    players: new Set((state['players'] as Data[]).map(({ playerId }) => playerId)),
  };
}

export function viewAfter(view: View, { t, d }: Pick<Heard, 't' | 'd'>): View {
  switch (t) {
    case 'GAME_START':
      return { ...view, phase: 'waiting', game: d['game'], round: 0, roundId: null, paused: false };
    case 'NEW_QUESTION': {
      const { round, roundId } = d;
      return { ...view, phase: 'question', question: d, closed: false, round, roundId, byHand: false };
    }
    case 'ROUND_CLOSED':
      return { ...view, closed: true };
    case 'ROUND_COMPLETE':
    case 'ROUND_SKIPPED':
      return { ...view, phase: 'waiting', question: null, byHand: d['nextAt'] === null, paused: false };
    case 'ROUND_EXTENDED':
      return { ...view, question: view.question && { ...view.question, ...d } };
    case 'GAME_PAUSED':
      return { ...view, paused: true };
    case 'GAME_RESUMED': {
      const byHand = view.phase === 'waiting' && (d['nextAt'] ?? null) === null;
      return { ...view, paused: false, byHand };
    }
    case 'GAME_OVER':
      return { ...view, phase: 'over', paused: false, overs: new Set([...view.overs, d['game']]) };
    case 'PLAYER_JOINED':
      return { ...view, players: new Set([...view.players, d['playerId']]) };
    case 'PLAYER_LEFT':
    case 'PLAYER_KICKED':
      return { ...view, players: new Set([...view.players].filter((id) => id !== d['playerId'])) };
    default:
      return view;
  }
}
