// The players of a soak: each room plays a game, and then another room takes its place, until all is over.

import { playOneGame, type Tally } from '../../../server/cli/play/bots.ts';

interface Crowd {
  readonly site: string;
  readonly rooms: number;
  readonly players: number;
  readonly tally: Tally;
  /** No game begins after it; those that run are played to their end. */
  readonly until: AbortSignal;
}

/** Every second room counts: its players stand on the boards, and its answers make claims hard or easy. */
export async function playOn({ site, rooms, players, tally, until }: Crowd): Promise<void> {
  const never = new AbortController().signal;
  const lane = async (number: number) => {
    for (let game = number; !until.aborted; game++) {
      await playOneGame(site, {
        settings: { rounds: 4, seconds: 5, trial: game % 2 === 0 },
        players: players / rooms,
        skill: 0.8,
        truthOf: () => 'FACT',
        latencyMs: 1_200,
        answering: 0.95,
        tally,
        signal: never,
      });
    }
  };
  await Promise.all(Array.from({ length: rooms }, (_, number) => lane(number)));
}
