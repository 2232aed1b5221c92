// `arena play`: a player in the terminal, with the same client code as the page. It also works in a pipe: one
// word a line in, lines of text out.

import { setTimeout as sleep } from 'node:timers/promises';
import { CannotStart } from '../../config/cannot-start.ts';
import { createIdentities, memoryStore, randomNonce } from '../../web/client/identity.ts';
import { openPlayer, type Player, type View } from '../../web/client/player.ts';
import type { Answer } from '../../web/client/wire.ts';
import { numberOf } from '../terminal/output.ts';
import { socketUrlOf } from '../terminal/server-option.ts';
import { makeRoom, type RoomWish } from './make-room.ts';
import { createTeller, type Teller } from './play-text.ts';
import { wordsIn } from './words-in.ts';

export interface PlayOptions {
  readonly url: string;
  readonly name?: string;
  readonly rounds?: string;
  readonly seconds?: string;
  readonly topic?: string;
  readonly difficulty?: string;
  readonly auto?: boolean;
}

const names = ['Curious Otter', 'Brave Finch', 'Wise Badger', 'Quick Hare', 'Calm Heron', 'Bold Lynx'];
const choices: Readonly<Record<string, Answer>> = {
  f: 'FACT',
  fact: 'FACT',
  '1': 'FACT',
  k: 'FAKE',
  fake: 'FAKE',
  '2': 'FAKE',
};

/**
 * Plays until the game is over or the input ends.
 * @throws CannotStart when the server cannot be reached or refuses, with its own words.
 */
export async function play(room: string | undefined, options: PlayOptions): Promise<void> {
  if (options.name?.trim() === '') throw new CannotStart('--name must be a name.');
  const made = room === undefined ? await makeRoom(options.url, wishOf(options)) : null;
  const code = made?.room ?? room ?? '';
  const identities = createIdentities(memoryStore(), randomNonce);
  const name = options.name ?? `${names[Math.floor(Math.random() * names.length)]}`;
  identities.change(code, { name, hostToken: made?.hostToken ?? null });
  const teller = createTeller(process.stdout);
  if (made !== null) teller.invite(made);

  const over = Promise.withResolvers<void>();
  let answering: string | null = null;
  let starting = false;
  const onChange = (view: View) => {
    teller.show(view, player);
    if (view.status === 'ended') over.reject(new CannotStart(view.why?.message ?? 'The connection ended.'));
    if (view.screen.room?.phase === 'over') over.resolve();
    if (options.auto === true) autoplay(view);
  };

  function autoplay({ screen: { room: state, locked }, status }: View): void {
    if (status !== 'online' || state === null) return;
    if (state.phase === 'lobby' && made !== null) void start();
    const { question } = state;
    if (question === null || state.closed || locked !== null || answering === question.roundId) return;
    answering = question.roundId;
    const waitMs = Math.max(0, question.opensAt - player.serverNow()) + 200 + Math.random() * 800;
    setTimeout(() => void give(Math.random() < 0.5 ? 'FACT' : 'FAKE'), waitMs);
  }

  async function start(): Promise<void> {
    if (starting) return;
    starting = true;
    const reply = await player.request('start', { after: player.view().screen.room?.game ?? null });
    starting = false;
    if ('err' in reply && !reply.err.retry) teller.say(reply.err.message);
  }

  const url = socketUrlOf(options.url);
  const role = made === null ? 'player' : 'host';
  const player: Player = openPlayer({ url, room: code, role, identities, onChange });
  const give = answererFor(player, teller);
  const silence = wordsIn(process.stdin, (word) => {
    const choice = choices[word];
    if (choice !== undefined) void give(choice);
    else if (word === 'q' || word === 'quit') over.resolve();
    else if (word === '' && made !== null && player.view().screen.room?.phase === 'lobby') void start();
    else if (word !== '') teller.say('f is FACT, k is FAKE, q leaves');
  });
  // Without a terminal the end of the input does not end the game: a script may have written all its answers.
  process.once('SIGINT', () => over.resolve());
  try {
    await over.promise;
  } finally {
    silence();
    teller.end();
    player.close();
  }
}

/** An answer before the question opens is kept and sent as soon as answers count. The first choice holds. */
function answererFor(player: Player, teller: Teller): (choice: Answer) => Promise<void> {
  const asked = () => player.view().screen.room?.question ?? null;
  let early: string | null = null;
  return async (choice) => {
    const question = asked();
    const earlyMs = question === null ? 0 : question.opensAt - player.serverNow();
    if (question !== null && earlyMs > 0) {
      if (early === question.roundId) return;
      early = question.roundId;
      teller.say(`${choice}, as soon as answers count.`);
      await sleep(earlyMs);
      if (asked()?.roundId !== question.roundId) return;
    }
    const refused = await player.answer(choice);
    if (refused !== null) teller.say(refused.message);
  };
}

function wishOf({ rounds, seconds, topic, difficulty, auto = false }: PlayOptions): RoomWish {
  return {
    trial: auto,
    ...(rounds === undefined ? {} : { rounds: numberOf(rounds) }),
    ...(seconds === undefined ? {} : { seconds: numberOf(seconds) }),
    ...(topic === undefined ? {} : { topic }),
    ...(difficulty === undefined ? {} : { difficulty }),
  };
}
