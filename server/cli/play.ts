// `arena play`: a player in the terminal, on the same client as the page. Works in a pipe, too: lines in,
// lines out.

import { createInterface } from 'node:readline';
import { createIdentities, memoryStore, randomNonce } from '../web/client/identity.ts';
import { openPlayer, type Player, type View } from '../web/client/player.ts';
import { CannotStart } from './explain.ts';
import { createTeller } from './play-text.ts';

export interface PlayOptions {
  readonly url: string;
  readonly name?: string;
  readonly rounds?: string;
  readonly seconds?: string;
  readonly topic?: string;
  readonly auto?: boolean;
}

const names = ['Curious Otter', 'Brave Finch', 'Wise Badger', 'Quick Hare', 'Calm Heron', 'Bold Lynx'];
const choices: Readonly<Record<string, 'FACT' | 'FAKE'>> = {
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
  const made = room === undefined ? await makeRoom(options) : null;
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

  async function give(choice: 'FACT' | 'FAKE'): Promise<void> {
    const refused = await player.answer(choice);
    if (refused !== null) teller.say(refused.message);
  }

  const url = `${options.url.replace(/^http/, 'ws').replace(/\/$/, '')}/ws`;
  const role = made === null ? 'player' : 'host';
  const player: Player = openPlayer({ url, room: code, role, identities, onChange });
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => {
    const word = line.trim().toLowerCase();
    const choice = choices[word];
    if (choice !== undefined) void give(choice);
    else if (word === 'q' || word === 'quit') over.resolve();
    else if (word === '' && made !== null && player.view().screen.room?.phase === 'lobby') void start();
    else if (word !== '') teller.say('f is FACT, k is FAKE, q leaves');
  });
  // Without a terminal the end of the input is not the end of the game: a script may have said all it wants.
  process.once('SIGINT', () => over.resolve());
  try {
    await over.promise;
  } finally {
    input.close();
    teller.end();
    player.close();
  }
}

interface Made {
  readonly room: string;
  readonly hostToken: string;
  readonly joinUrl: string;
}

async function makeRoom({ url, rounds, seconds, topic }: PlayOptions): Promise<Made> {
  const body = {
    ...(rounds === undefined ? {} : { rounds: Number(rounds) }),
    ...(seconds === undefined ? {} : { seconds: Number(seconds) }),
    ...(topic === undefined ? {} : { topic }),
  };
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${url.replace(/\/$/, '')}/api/rooms`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw new CannotStart(
      `No server answers at ${url}. Start one with "npm start", or name another with --url.`,
      { cause },
    );
  });
  const answer = (await reply.json()) as Made & { err?: { message: string } };
  if (reply.status !== 201)
    throw new CannotStart(answer.err?.message ?? `The server answered ${reply.status}.`);
  return answer;
}
