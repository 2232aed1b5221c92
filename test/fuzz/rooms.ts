// The rooms in which clients misbehave: in each an honest host keeps a game going through all its phases,
// undoes what a client with the host's token has done to it, and tells what stands in it now.

import { MadeRoom } from '../../core/messages.ts';
import { WireClient } from '../support/wire-client.ts';
import type { Chance } from './chance.ts';

export interface FuzzedRoom {
  readonly room: string;
  readonly hostToken: string;
  readonly phase: () => string;
  readonly game: () => string;
  readonly roundId: () => string;
  readonly oldRoundId: () => string;
  readonly epoch: () => string;
  /** Some player who is or was here. */
  readonly playerId: () => string;
  /** So many have come in by name. */
  joins: number;
  /** Moves the game on by a step, if it waits for one. */
  step(): Promise<void>;
  close(): void;
}

const phaseAfter: Readonly<Record<string, string>> = {
  GAME_START: 'waiting',
  NEW_QUESTION: 'question',
  ROUND_CLOSED: 'closed',
  ROUND_COMPLETE: 'waiting',
  ROUND_SKIPPED: 'waiting',
  GAME_OVER: 'over',
  GAME_PAUSED: 'paused',
  GAME_RESUMED: 'question',
};

export async function makeRoom(http: string, address: string, settings: object): Promise<MadeRoom> {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
  const made = await fetch(`${http}/api/rooms`, { method: 'POST', headers, body: JSON.stringify(settings) });
  if (made.status !== 201) throw new Error(`no room: ${made.status} ${await made.text()}`);
  return MadeRoom.parse(await made.json());
}

export async function openRoom(http: string, address: string, chance: Chance): Promise<FuzzedRoom> {
  const { room, hostToken } = await makeRoom(http, address, { rounds: 4, seconds: 5, trial: true });
  const host = new WireClient({
    url: `${http.replace('http', 'ws')}/ws`,
    room,
    role: 'host',
    token: hostToken,
  });
  const stop = new AbortController();
  // Whoever has the host's token may end this one; it comes back.
  const staying = host.stay(stop.signal).catch(() => undefined);
  await host.until(() => host.joined !== null, 300_000);
  const last = (t: string) => host.frame(t)?.d ?? {};
  const phase = (): string => {
    const moved = host.frames.findLast(({ t }) => Object.hasOwn(phaseAfter, t));
    return moved === undefined ? 'lobby' : (phaseAfter[moved.t] ?? 'lobby');
  };
  return {
    room,
    hostToken,
    phase,
    joins: 0,
    game: () => last('GAME_START').game ?? host.joined?.state?.game ?? '',
    roundId: () => last('NEW_QUESTION').roundId ?? '',
    oldRoundId: () => host.frame('NEW_QUESTION', false)?.d.roundId ?? '',
    epoch: () => host.joined?.epoch ?? '',
    playerId: () => {
      const seen = host.frames.filter(({ t }) => t === 'PLAYER_JOINED');
      return seen.length === 0 ? '' : chance.pick(seen).d.playerId;
    },
    async step() {
      if (!host.isOpen) return;
      const now = phase();
      if (last('SETTINGS_CHANGED').settings?.locked === true || host.frames.length % 50 === 7) {
        await host.request('settings', {
          locked: false,
          rounds: 4,
          seconds: 5,
          autoAdvance: true,
          topic: null,
        });
      } else if (now === 'lobby' || now === 'over') {
        await host.request('start', { after: last('GAME_START').game ?? null });
      } else if (now === 'paused') await host.request('resume', {});
      else if (now === 'question') await host.request('close', { roundId: last('NEW_QUESTION').roundId });
      else if (now === 'waiting') await host.request('next', { roundId: null });
    },
    close() {
      stop.abort();
      host.close();
      void staying;
    },
  };
}
