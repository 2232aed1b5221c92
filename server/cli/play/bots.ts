// `arena bots`: simulated players, to see how much a server can take. Each is a complete client: it joins,
// answers after a human delay, and reconnects when its connection breaks.

import type { Truth } from '../../../core/claim.ts';
import { limits } from '../../../core/limits.ts';
import { createIdentities, memoryStore, randomNonce } from '../../web/client/identity.ts';
import { openPlayer, type Player, type View } from '../../web/client/player.ts';
import { numberOption } from '../terminal/number-option.ts';
import { print, printJson } from '../terminal/output.ts';
import { socketUrlOf } from '../terminal/server-option.ts';
import { knownTruths } from './known-truths.ts';
import { makeRoom, type RoomWish } from './make-room.ts';

export interface BotsOptions {
  readonly url: string;
  readonly rooms: string;
  readonly players: string;
  readonly rounds: string;
  readonly seconds: string;
  /** How long a bot thinks at the median, in ms. */
  readonly latency: string;
  /** The share of claims from the data that a bot judges rightly, 0.5..1; others it guesses. */
  readonly skill: string;
  /** The share of questions that a bot answers, 0..1. */
  readonly answering: string;
  readonly json?: boolean;
}

/** What the bots of some games have come to. */
export interface Tally {
  joined: number;
  answered: number;
  over: number;
  readonly refused: Map<string, number>;
  /** From the sending of an answer to its confirmation, in ms. */
  readonly waits: number[];
}

const progressMs = 500;

/** Plays one game in each room. Throws CannotStart where no server answers or a number is none. */
export async function bots(options: BotsOptions, signal: AbortSignal): Promise<void> {
  const number = (
    name: 'rounds' | 'seconds' | 'skill' | 'latency' | 'answering',
    from = 0,
    to = Number.MAX_VALUE,
  ) =>
    numberOption(name, options[name], {
      what: to === 1 ? `a number from ${from} to 1` : 'a number',
      isSo: (value) => value >= from && value <= to,
    });
  const whole = (name: 'rooms' | 'players', max: number): number =>
    numberOption(name, options[name], {
      what: `a whole number from 1 to ${max}`,
      isSo: (value) => Number.isInteger(value) && value >= 1 && value <= max,
    });
  const tally = newTally();
  const truthOf = await knownTruths();
  const since = performance.now();
  const games = Array.from({ length: whole('rooms', limits.roomsPerMinutePerAddress) }, () =>
    playOneGame(options.url, {
      settings: { rounds: number('rounds'), seconds: number('seconds'), trial: true },
      players: whole('players', limits.playersMax),
      skill: number('skill', 0.5, 1),
      truthOf,
      latencyMs: number('latency'),
      answering: number('answering', 0, 1),
      tally,
      signal,
    }),
  );
  const told = setInterval(() => tell(tally, options), progressMs);
  await Promise.all(games).finally(() => clearInterval(told));
  report(tally, (performance.now() - since) / 1_000, options);
}

export const newTally = (): Tally => ({ joined: 0, answered: 0, over: 0, refused: new Map(), waits: [] });

export interface Game {
  readonly settings: RoomWish;
  readonly players: number;
  readonly skill: number;
  /** Null for a claim that is not from the data. */
  readonly truthOf: (question: string) => Truth | null;
  readonly latencyMs: number;
  readonly answering: number;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/** Makes a room and plays one game in it, to its end or until the signal. Throws CannotStart. */
export async function playOneGame(site: string, game: Game): Promise<void> {
  const { settings, players, answering, tally, signal } = game;
  const { room, hostToken } = await makeRoom(site, settings);
  const url = socketUrlOf(site);
  const over = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  const all: Player[] = [];
  const open = (role: 'host' | 'player', name: string | null, onChange: (view: View) => void) => {
    const identities = createIdentities(memoryStore(), randomNonce);
    identities.change(room, { name, hostToken: role === 'host' ? hostToken : null });
    const player = openPlayer({ url, room, role, identities, onChange });
    all.push(player);
    return player;
  };
  const here = Promise.withResolvers<void>();
  let present = 0;
  for (let n = 0; n < players; n++) {
    let known = false;
    let asked: string | null = null;
    const bot: Player = open('player', `Bot ${n + 1}`, ({ screen, status }) => {
      if (status === 'online' && !known) {
        known = true;
        tally.joined += 1;
        present += 1;
        if (present === players) here.resolve();
      }
      const question = screen.room?.question;
      if (!question || question.roundId === asked || screen.locked !== null) return;
      asked = question.roundId;
      if (Math.random() < answering) void answerLater(bot, question, game);
    });
  }
  const host: Player = open('host', null, ({ screen }) => {
    if (screen.room?.phase === 'over') over.resolve();
  });
  await Promise.race([here.promise, over.promise]);
  if (!signal.aborted) await host.request('start', { after: null });
  await over.promise;
  if (!signal.aborted) tally.over += 1;
  for (const player of all) player.close();
}

async function answerLater(
  bot: Player,
  { question, opensAt }: { readonly question: string; readonly opensAt: number },
  { latencyMs, skill, truthOf, tally }: Game,
): Promise<void> {
  // Most people answer near the median, some take twice as long.
  const thinks = latencyMs * (0.5 + Math.random() ** 2 * 1.5);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, opensAt - bot.serverNow()) + thinks));
  const since = performance.now();
  const truth = truthOf(question) ?? (Math.random() < 0.5 ? 'FACT' : 'FAKE');
  const right = Math.random() < skill;
  const refused = await bot.answer(right === (truth === 'FACT') ? 'FACT' : 'FAKE');
  if (refused === null) {
    tally.answered += 1;
    tally.waits.push(performance.now() - since);
  } else tally.refused.set(refused.code, (tally.refused.get(refused.code) ?? 0) + 1);
}

const refusals = ({ refused }: Tally): string =>
  [...refused].map(([code, count]) => `${code} ${count}`).join(', ') || 'none';

function tell(tally: Tally, { json, rooms }: BotsOptions): void {
  if (json || !process.stderr.isTTY) return;
  process.stderr.write(
    `\r${tally.joined} joined, ${tally.answered} answers, ${tally.over} of ${rooms} games over \u001B[K`,
  );
}

function report(tally: Tally, seconds: number, { json, rooms, players }: BotsOptions): void {
  const sorted = tally.waits.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  const waitMs = { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  const { joined, answered, over } = tally;
  if (json)
    return printJson({
      rooms: Number(rooms),
      players: Number(players),
      joined,
      answered,
      over,
      refused: Object.fromEntries(tally.refused),
      waitMs,
      seconds,
    });
  if (process.stderr.isTTY) process.stderr.write('\n');
  print(
    `${over} games over in ${seconds.toFixed(1)} s, ${joined} players, ${answered} answers confirmed, refused: ${refusals(tally)}`,
  );
  print(`from sending to confirmation: p50 ${waitMs.p50} ms, p95 ${waitMs.p95} ms, p99 ${waitMs.p99} ms`);
}
