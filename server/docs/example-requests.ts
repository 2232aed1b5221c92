// Every request of the protocol and its reply, as they were really sent; and a refusal.

import type { Example } from './example.ts';
import {
  ada,
  adasToken,
  asked,
  asMade,
  cy,
  dee,
  epoch,
  firstBoard,
  firstRound,
  game,
  hostToken,
  limits,
  lobby,
  newcomer,
  nextQuestion,
  podium,
  question,
  revealed,
  room,
  secondRound,
} from './example-game.ts';

export const requestExamples: readonly Example[] = [
  { message: 'request.join', payload: { id: 1, t: 'join', d: { room, role: 'host', token: hostToken } } },
  {
    message: 'reply.join',
    payload: {
      id: 1,
      ok: {
        role: 'host',
        playerId: null,
        token: hostToken,
        epoch,
        s: 4,
        recovered: false,
        state: { ...lobby, settings: asMade, entries: [], playerCount: 0, players: [] },
        you: null,
        serverTime: 1_795_785_155_014,
        limits,
      },
    },
  },
  {
    message: 'request.join',
    payload: { id: 1, t: 'join', d: { room, name: 'Ada', nonce: '971b8bae-aa3a-41e6-a9c0-ac719b629c85' } },
  },
  {
    message: 'reply.join',
    payload: {
      id: 1,
      ok: {
        role: 'player',
        playerId: ada.playerId,
        token: adasToken,
        epoch,
        s: 5,
        recovered: false,
        state: {
          ...lobby,
          settings: asMade,
          entries: [{ ...ada, score: 0, rank: 1, change: 0 }],
          playerCount: 1,
          players: [ada],
          you: newcomer,
          eligible: true,
        },
        you: newcomer,
        serverTime: 1_795_785_155_128,
        limits,
      },
    },
  },
  { message: 'request.join', payload: { id: 1, t: 'join', d: { room, token: adasToken, epoch, s: 40 } } },
  {
    message: 'reply.join',
    payload: {
      id: 1,
      ok: {
        role: 'player',
        playerId: ada.playerId,
        token: adasToken,
        epoch,
        s: 40,
        recovered: true,
        state: null,
        you: { ...newcomer, score: 985, streak: 1, rank: 1, right: 1, counted: 1 },
        serverTime: 1_795_785_182_326,
        limits,
      },
    },
  },
  { message: 'request.answer', payload: { id: 2, t: 'answer', d: { roundId: firstRound, answer: 'FAKE' } } },
  {
    message: 'reply.answer',
    payload: { id: 2, ok: { roundId: firstRound, answer: 'FAKE', at: 1_795_785_163_092 } },
  },
  { message: 'request.settings', payload: { id: 2, t: 'settings', d: { seconds: 20 } } },
  { message: 'reply.settings', payload: { id: 2, ok: { state: lobby } } },
  { message: 'request.start', payload: { id: 3, t: 'start', d: { after: null } } },
  {
    message: 'reply.start',
    payload: { id: 3, ok: { state: { ...lobby, phase: 'waiting', game, nextAt: 1_795_785_155_387 } } },
  },
  { message: 'request.pause', payload: { id: 4, t: 'pause' } },
  {
    message: 'reply.pause',
    payload: {
      id: 4,
      ok: { state: { ...asked, question, paused: { reason: 'host', remainingMs: 16_863 } } },
    },
  },
  { message: 'request.resume', payload: { id: 5, t: 'resume' } },
  { message: 'reply.resume', payload: { id: 5, ok: { state: asked } } },
  {
    message: 'request.extend',
    payload: {
      id: 6,
      t: 'extend',
      d: { roundId: firstRound, ms: 10_000, key: '3f0c1a52-7d4e-4c7e-9c3b-6f1d2a8e5b90' },
    },
  },
  {
    message: 'reply.extend',
    payload: {
      id: 6,
      ok: {
        state: {
          ...asked,
          question: { ...question, deadline: 1_795_785_193_019 },
        },
      },
    },
  },
  { message: 'request.close', payload: { id: 7, t: 'close', d: { roundId: firstRound } } },
  {
    message: 'reply.close',
    payload: {
      id: 7,
      ok: {
        state: {
          ...asked,
          closed: true,
          question: { ...question, deadline: 1_795_785_193_019 },
        },
      },
    },
  },
  { message: 'request.next', payload: { id: 8, t: 'next', d: { roundId: firstRound } } },
  {
    message: 'reply.next',
    payload: {
      id: 8,
      ok: {
        state: { ...asked, round: 2, question: nextQuestion, lastRoundId: secondRound, entries: firstBoard },
      },
    },
  },
  { message: 'request.skip', payload: { id: 9, t: 'skip', d: { roundId: secondRound } } },
  {
    message: 'reply.skip',
    payload: {
      id: 9,
      ok: {
        state: {
          ...asked,
          phase: 'waiting',
          round: 2,
          question: null,
          lastRoundId: secondRound,
          entries: firstBoard,
          nextAt: 1_795_785_176_868,
        },
      },
    },
  },
  { message: 'request.kick', payload: { id: 10, t: 'kick', d: { playerId: cy.playerId } } },
  { message: 'reply.kick', payload: { id: 10, ok: { state: revealed } } },
  { message: 'request.ban', payload: { id: 11, t: 'ban', d: { playerId: dee.playerId } } },
  { message: 'reply.ban', payload: { id: 11, ok: { state: revealed } } },
  { message: 'request.end', payload: { id: 12, t: 'end', d: { game } } },
  {
    message: 'reply.end',
    payload: {
      id: 12,
      ok: {
        state: {
          ...revealed,
          phase: 'over',
          round: 4,
          lastRoundId: '01M8EJ6T6QJM5T3XH76V04EN76',
          result: null,
          players: [ada],
          nextAt: null,
          podium,
        },
      },
    },
  },
  {
    message: 'request.report',
    payload: { id: 4, t: 'report', d: { roundId: firstRound, reason: 'It is out of date.' } },
  },
  { message: 'reply.report', payload: { id: 4, ok: {} } },
  { message: 'request.leave', payload: { id: 4, t: 'leave' } },
  { message: 'reply.leave', payload: { id: 4, ok: {} } },
  { message: 'request.ping', payload: { id: 3, t: 'ping' } },
  { message: 'reply.ping', payload: { id: 3, ok: { serverTime: 1_795_785_193_496 } } },
  {
    message: 'refusal',
    payload: {
      id: 3,
      err: {
        code: 'already_answered',
        message: 'Your first answer counts. (it was FAKE)',
        retry: false,
      },
    },
  },
];
