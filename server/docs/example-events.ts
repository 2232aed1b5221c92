// Everything that the server tells of itself, as it was really sent, in the order of a game; then what has no
// `s`.

import type { Example } from './example.ts';
import {
  ada,
  bo,
  cy,
  dee,
  firstBoard,
  firstRound,
  game,
  lastBoard,
  podium,
  question,
  secondRound,
  settings,
} from './example-game.ts';

export const eventExamples: readonly Example[] = [
  { message: 'event.PLAYER_JOINED', payload: { s: 6, t: 'PLAYER_JOINED', at: 1_795_785_155_175, d: bo } },
  {
    message: 'event.SETTINGS_CHANGED',
    payload: { s: 8, t: 'SETTINGS_CHANGED', at: 1_795_785_155_353, d: { settings } },
  },
  {
    message: 'event.GAME_START',
    payload: { s: 9, t: 'GAME_START', at: 1_795_785_155_387, d: { game, settings } },
  },
  {
    message: 'event.NEW_QUESTION',
    payload: { s: 17, t: 'NEW_QUESTION', at: 1_795_785_159_182, d: question },
  },
  {
    message: 'event.GAME_PAUSED',
    payload: { s: 26, t: 'GAME_PAUSED', at: 1_795_785_165_322, d: { remainingMs: 16_863, reason: 'host' } },
  },
  {
    message: 'event.GAME_RESUMED',
    payload: {
      s: 27,
      t: 'GAME_RESUMED',
      at: 1_795_785_166_159,
      d: { roundId: firstRound, opensAt: 1_795_785_162_182, deadline: 1_795_785_183_019 },
    },
  },
  {
    message: 'event.ROUND_EXTENDED',
    payload: {
      s: 28,
      t: 'ROUND_EXTENDED',
      at: 1_795_785_166_499,
      d: { roundId: firstRound, opensAt: 1_795_785_162_182, deadline: 1_795_785_193_019 },
    },
  },
  {
    message: 'event.ROUND_CLOSED',
    payload: {
      s: 29,
      t: 'ROUND_CLOSED',
      at: 1_795_785_166_820,
      d: { roundId: firstRound, reason: 'host' },
    },
  },
  {
    message: 'event.ROUND_RESULT',
    payload: {
      s: 30,
      t: 'ROUND_RESULT',
      at: 1_795_785_166_845,
      d: {
        roundId: firstRound,
        round: 1,
        question: 'On 19 April 2004 there was a total eclipse of the Sun.',
        truth: 'FAKE',
        explanation:
          'The eclipse of 19 April 2004 was partial: the Moon took only a bite out of the Sun, wherever one stood.',
        source: {
          name: 'computed after Jean Meeus; compare NASA’s eclipse catalogues',
          url: 'https://eclipse.gsfc.nasa.gov/',
        },
        confidence: 0.94,
        split: { FACT: 1, FAKE: 1, none: 1 },
        origin: { provider: 'embedded', model: 'knowledge' },
      },
    },
  },
  {
    message: 'event.LEADERBOARD_UPDATE',
    payload: {
      s: 31,
      t: 'LEADERBOARD_UPDATE',
      at: 1_795_785_166_845,
      d: { entries: firstBoard, playerCount: 3 },
    },
  },
  {
    message: 'event.ROUND_COMPLETE',
    payload: {
      s: 32,
      t: 'ROUND_COMPLETE',
      at: 1_795_785_166_845,
      d: { round: 1, rounds: 5, nextAt: 1_795_785_172_845 },
    },
  },
  {
    message: 'event.ROUND_SKIPPED',
    payload: {
      s: 39,
      t: 'ROUND_SKIPPED',
      at: 1_795_785_170_868,
      d: { roundId: secondRound, reason: 'host', nextAt: 1_795_785_176_868 },
    },
  },
  {
    message: 'event.PLAYER_KICKED',
    payload: { s: 48, t: 'PLAYER_KICKED', at: 1_795_785_183_658, d: { ...cy, reason: 'kicked' } },
  },
  { message: 'event.PLAYER_LEFT', payload: { s: 51, t: 'PLAYER_LEFT', at: 1_795_785_183_722, d: bo } },
  {
    message: 'event.GAME_OVER',
    payload: {
      s: 53,
      t: 'GAME_OVER',
      at: 1_795_785_193_502,
      d: {
        game,
        podium,
        entries: lastBoard,
      },
    },
  },
  {
    message: 'event.ROUND_VOIDED',
    payload: {
      s: 54,
      t: 'ROUND_VOIDED',
      at: 1_795_785_198_451,
      d: {
        roundId: firstRound,
        reason: 'It is out of date.',
        podium: [[{ ...ada, score: 979, rank: 1, change: 0 }], [{ ...bo, score: 919, rank: 2, change: 0 }]],
      },
    },
  },
  {
    message: 'event.agents',
    payload: { t: 'agents', at: 1_795_785_158_885, d: { stage: 'draft', nextReady: false } },
  },
  {
    message: 'event.crowd',
    payload: { t: 'crowd', at: 1_795_785_159_340, d: { members: 312 } },
  },
  {
    message: 'event.tick',
    payload: { t: 'tick', at: 1_795_785_163_809, d: { roundId: firstRound, answered: 2, players: 3 } },
  },
  {
    message: 'event.you',
    payload: {
      t: 'you',
      at: 1_795_785_166_845,
      d: {
        roundId: firstRound,
        answer: 'FAKE',
        correct: true,
        points: 985,
        score: 985,
        streak: 1,
        rank: 1,
        change: 0,
        right: 1,
        counted: 1,
      },
    },
  },
  {
    message: 'event.presence',
    payload: {
      t: 'presence',
      at: 1_795_785_194_843,
      d: [
        { playerId: bo.playerId, connected: false },
        { playerId: cy.playerId, connected: false },
        { playerId: dee.playerId, connected: false },
      ],
    },
  },
];
