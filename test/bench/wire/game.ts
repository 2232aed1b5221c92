// The product as a benchmark plays it: a server process, rooms that are made and led through the public
// protocol alone, one host each. No agent runs: the host goes on by hand.

import { MadeRoom } from '../../../core/messages.ts';
import { freePort } from '../../../server/setup/embedded-valkey.ts';
import { type ArenaProcess, startProcess, untilOk } from '../../support/processes.ts';
import { WireClient } from '../../support/wire-client.ts';

export interface Served {
  readonly port: number;
  readonly process: ArenaProcess;
}

/**
 * A server of its own on this store, on a Node with these flags. `SERVER_NODE_OPTIONS=--cpu-prof` leaves a
 * profile of it.
 */
export async function serveOn(valkeyUrl: string, flags = ''): Promise<Served> {
  const port = await freePort();
  const quick = { LEAD_MS: '0', INTERMISSION_MS: '0', LOG_LEVEL: 'warn', HOST: '127.0.0.1' };
  const NODE_OPTIONS = `${flags} ${process.env['SERVER_NODE_OPTIONS'] ?? ''}`;
  const env = { ...quick, VALKEY_URL: valkeyUrl, PORT: String(port), NODE_OPTIONS };
  const server = startProcess('server', ['serve'], env);
  await untilOk(`http://127.0.0.1:${port}/health`);
  return { port, process: server };
}

export interface LedRoom {
  readonly room: string;
  readonly host: WireClient;
  /** Shows the next question, and gives its id once the host was told of it. */
  ask(): Promise<string>;
}

export async function leadRooms(port: number, count: number): Promise<LedRoom[]> {
  const rooms: LedRoom[] = [];
  for (let at = 0; at < count; at++) rooms.push(await leadRoom(port));
  return rooms;
}

async function leadRoom(port: number): Promise<LedRoom> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rounds: 200, seconds: 120, autoAdvance: false }),
  };
  const made = await fetch(`http://127.0.0.1:${port}/api/rooms`, init);
  const { room, hostToken } = MadeRoom.parse(await made.json());
  const host = new WireClient({ url: `ws://127.0.0.1:${port}/ws`, room, role: 'host', token: hostToken });
  await host.connect();
  let game: string | null = null;
  let asked: string | null = null;
  const request = async (t: string, d: object) => {
    const { ok, err } = await host.request(t, d);
    if (err !== undefined) throw new Error(`${t}: ${err.code} ${err.message}`);
    return ok;
  };
  return {
    room,
    host,
    async ask() {
      if (game === null) game = (await request('start', { after: null })).state.game as string;
      if (asked !== null) await request('skip', { roundId: asked });
      const { state } = await request('next', { roundId: asked });
      const roundId: string = state.question.roundId;
      asked = roundId;
      await host.until(() => host.frame('NEW_QUESTION')?.d.roundId === roundId);
      host.frames.length = 0;
      host.raw.length = 0;
      return roundId;
    },
  };
}
