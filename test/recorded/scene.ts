// A room as a script of clients plays it for the record: it knows each truth from the log, so that it can say
// who is right, who is wrong and who is late.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Truth } from '../../core/claim.ts';
import type { RecordedEvent } from '../../core/events.ts';
import { RoomCode } from '../../core/ids.ts';
import { type Operator, operatorOn } from '../../server/operate/operator.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import { gameOn } from '../support/game-on.ts';
import { WireClient } from '../support/wire-client.ts';

export interface Seat {
  readonly name: string;
  readonly playerId: string;
  /** Of this recording alone; nothing else is opened by it. */
  readonly token: string;
}

export interface Promised {
  readonly playerId: string;
  readonly roundId: string;
  readonly answer: Truth;
}

export interface Scene {
  readonly room: RoomCode;
  readonly hostToken: string;
  readonly host: WireClient;
  readonly operator: Operator;
  readonly seats: Seat[];
  /** Answers that the server acknowledged. */
  readonly acknowledged: Promised[];
  log(): Promise<RecordedEvent[]>;
  join(name: string): Promise<WireClient>;
  /** Asks as the host, and fails where the server refuses. */
  ask(t: string, d?: unknown): Promise<void>;
  /** The question with this number among all that the room was asked. */
  question(number: number): Promise<{ roundId: string; opensAt: number; deadline: number | null }>;
  result(number: number): Promise<void>;
  /** Answers `ms` after the opening. */
  answer(client: WireClient, number: number, right: boolean, ms?: number): Promise<void>;
  close(): void;
}

interface Opening {
  readonly ws: string;
  readonly valkeyUrl: string;
  readonly room: string;
  readonly hostToken: string;
}

/** Sits down as the host of a room that was just made. */
export async function openScene({ ws, valkeyUrl, room: code, hostToken }: Opening): Promise<Scene> {
  const connection = connect(valkeyUrl, 'record');
  await untilReady(connection, AbortSignal.timeout(10_000));
  const operator = operatorOn(gameOn(connection), 'operator');
  const room = RoomCode.parse(code);
  const clients: WireClient[] = [];
  const seats: Seat[] = [];
  const acknowledged: Promised[] = [];
  const enter = async (options: object) => {
    const client = new WireClient({ url: ws, room, ...options });
    clients.push(client);
    const { ok, err } = await client.connect();
    if (err !== undefined) throw new Error(`join: ${err.code}`);
    return { client, ok };
  };
  const { client: host } = await enter({ role: 'host', token: hostToken });
  const log = () => readAfter(operator.log, room, 0);
  const told = (t: string) => host.frames.filter((frame) => frame.t === t);
  const question = async (number: number) => {
    await host.until(() => told('NEW_QUESTION').length >= number);
    return told('NEW_QUESTION')[number - 1]?.d;
  };
  return {
    ...{ room, hostToken, host, operator, seats, acknowledged, log, question },
    async join(name) {
      const { client, ok } = await enter({ name });
      seats.push({ name, playerId: ok.playerId, token: ok.token });
      return client;
    },
    async ask(t, d = {}) {
      const { err } = await host.request(t, d);
      if (err !== undefined) throw new Error(`${t}: ${err.code} ${err.message}`);
    },
    async result(number) {
      const { roundId } = await question(number);
      await host.until(() => told('ROUND_RESULT').some(({ d }) => d.roundId === roundId));
    },
    async answer(client, number, right, ms = 200) {
      const { roundId, opensAt } = await question(number);
      const truth = truthOf(await log(), roundId);
      const answer = right === (truth === 'FACT') ? 'FACT' : 'FAKE';
      await sleep(Math.max(0, opensAt + ms - Date.now()));
      const { ok, err } = await client.request('answer', { roundId, answer });
      if (ok === undefined) throw new Error(`answer: ${err?.code}`);
      acknowledged.push({ playerId: client.playerId ?? '', roundId, answer });
    },
    close() {
      for (const client of clients) client.close();
      connection.disconnect();
    },
  };
}

/** What the editor said of the claim that a round asks. */
function truthOf(log: readonly RecordedEvent[], roundId: string): Truth {
  const asked = log.find((event) => event.type === 'NEW_QUESTION' && event.roundId === roundId);
  const judged = log.find(
    (event): event is RecordedEvent<'VALIDATION_COMPLETE'> =>
      event.type === 'VALIDATION_COMPLETE' && event.cycleId === asked?.cycleId,
  );
  if (!judged?.data.verdict) throw new Error(`round ${roundId} has no verdict`);
  return judged.data.verdict.truth;
}
