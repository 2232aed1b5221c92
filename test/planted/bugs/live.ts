// Mistakes of what clients are told, and of who may ask for what.

import type { Bug } from '../bug.ts';

export const bugsOfLive: readonly Bug[] = [
  {
    name: 'resume-without-the-missed',
    does: 'who comes back is told of what follows, and not of what was missed',
    patches: [
      {
        file: 'server/live/join.ts',
        find: `  const s = recovered && join.s !== undefined ? join.s : history.head();
`,
        put: `  const s = history.head();
`,
      },
    ],
    caughtBy: {
      file: 'test/server/joining.int.test.ts',
      test: 'a connection that comes back > gets exactly what it missed, in order and once, wherever it was cut',
    },
  },
  {
    name: 'resume-with-one-twice',
    does: 'who comes back is told the last frame again',
    patches: [
      {
        file: 'server/fan-out/history.ts',
        find: '    if ((entries[middle]?.s ?? 0) <= s) low',
        put: '    if ((entries[middle]?.s ?? 0) < s) low',
      },
    ],
    caughtBy: {
      file: 'test/server/fan-out/hub.unit.test.ts',
      test: 'a history tells every frame after a place, none twice, and what comes later follows',
    },
  },
  {
    name: 'last-seen-off-by-one',
    does: 'a history says that it reaches to a frame that it has forgotten',
    patches: [
      {
        file: 'server/fan-out/history.ts',
        find: `reaches: (s, role = 'player') => s >= trackOf(role).oldest()`,
        put: `reaches: (s, role = 'player') => s >= trackOf(role).oldest() - 1`,
      },
    ],
    caughtBy: {
      file: 'test/server/fan-out/hub.unit.test.ts',
      test: 'a history that has forgotten frames does not reach back to them: some would be missing unseen',
    },
  },
  {
    name: 'kicked-token-good',
    does: 'the token of a player who was removed still opens the door',
    patches: [
      {
        file: 'server/live/join.ts',
        find: `  return player === undefined || player.gone !== null ? failure('bad_token')`,
        put: `  return player === undefined ? failure('bad_token')`,
      },
    ],
    caughtBy: {
      file: 'test/server/joining.int.test.ts',
      test: 'a host > who removes a player closes 4502 and frees the name; a banned one may not come back',
    },
  },
  {
    name: 'truth-in-the-question',
    does: 'the question on its way to the players carries its truth',
    patches: [
      {
        file: 'core/player-view.ts',
        find: `      const d = asked(event);
`,
        put: `      const shown = 'question' in after ? after.question : undefined;
      const d = { ...asked(event), truth: shown?.claim.verdict.truth } as ReturnType<typeof asked>;
`,
      },
    ],
    caughtBy: {
      file: 'test/core/player-view.unit.test.ts',
      test: 'after each event > a frame has no field but those that may be told',
    },
  },
  {
    name: 'host-verb-without-role',
    does: 'what only a host may do is done for every player',
    patches: [
      {
        file: 'server/live/answer-frame.ts',
        find: `  if (!allowed[session.member.role].has(t)) return peer.reply(frameId, failure('forbidden'));
`,
        put: '',
      },
    ],
    caughtBy: { file: 'test/server/protocol.int.test.ts', test: 'rights > of a host are not a player’s' },
  },
  {
    name: 'told-before-stored',
    does: 'an answer is acknowledged before it is stored',
    patches: [
      {
        file: 'server/live/requests.ts',
        find: `  const outcome = await submitAnswer(
`,
        put: `  void submitAnswer(deps.rooms, session.room, submission, requestContext(deps.telemetry.tracer)).catch(() => undefined);
  if (d !== null) return success({ roundId: d.roundId, answer: d.answer, at: 0 });
  const outcome = await submitAnswer(
`,
      },
    ],
    caughtBy: {
      file: 'test/server/away.int.test.ts',
      test: 'Valkey away in the middle of a round: told so, sockets stay, and the game goes on to its end by itself',
    },
  },
  {
    name: 'slow-socket-loses-frames',
    does: 'frames that a slow socket does not take are dropped, not only those that may be',
    patches: [
      {
        file: 'server/fan-out/client-socket.ts',
        find: `      this.close('behind');
`,
        put: `      if (bytes > 0) return;
      this.close('behind');
`,
      },
    ],
    caughtBy: {
      file: 'test/server/fan-out/client-socket.unit.test.ts',
      test: 'a client that stops reading misses no frame before the close that tells it to come back',
    },
  },
  {
    name: 'cut-back-untold',
    does: 'clients that were told what a failover lost are not asked to come back',
    patches: [
      {
        file: 'server/fan-out/follower.ts',
        find: `        cut = true;
`,
        put: '',
      },
    ],
    caughtBy: {
      file: 'test/streams/cut-back.unit.test.ts',
      test: 'who follows a room is told so once, and nobody catches up by frames of another past',
    },
  },
];
