// `arena retract`: an operator takes a claim back. Asks first, unless told not to.

import { createInterface } from 'node:readline/promises';
import { RoomCode } from '../../core/ids.ts';
import { connect, untilReady } from '../../streams/connection.ts';
import { createEventLog } from '../../streams/event-log.ts';
import { createKeys } from '../../streams/keys.ts';
import { createRooms } from '../../streams/rooms.ts';
import type { Config } from '../config.ts';
import { type RetractRequest, retractRound } from '../retract.ts';
import { valkeyUrl } from '../valkey-url.ts';
import { CannotStart } from './explain.ts';

export interface RetractOptions {
  readonly reason: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const connectMsMax = 5_000;

/** @throws CannotStart when the room's code is none or nobody says yes; Fault for what the log cannot do. */
export async function retract(
  config: Config,
  room: string,
  round: string,
  options: RetractOptions,
): Promise<void> {
  const code = RoomCode.safeParse(room.toUpperCase());
  if (!code.success) throw new CannotStart(`"${room}" is no room: a code has six letters and digits.`);
  const request: RetractRequest = { room: code.data, round, reason: options.reason };
  if (options.yes !== true && !(await confirmed(`Take back round ${round} of ${code.data}? Type yes: `))) {
    throw new CannotStart('Nothing was changed.');
  }
  const connection = connect(await valkeyUrl(config), 'arena-operator');
  try {
    await untilReady(connection, AbortSignal.timeout(connectMsMax)).catch((cause: unknown) => {
      throw new CannotStart('Valkey does not answer.', { cause });
    });
    const log = createEventLog(connection, createKeys());
    const taken = await retractRound({ log, rooms: createRooms(log) }, request);
    const { question, players, factKey, again } = taken;
    const said = again
      ? `It had been taken back before: ${question}`
      : `Taken back: ${question}\nPoints of ${players} ${players === 1 ? 'player' : 'players'} are gone, and ${factKey} is never asked again.`;
    process.stdout.write(options.json === true ? `${JSON.stringify(taken)}\n` : `${said}\n`);
  } finally {
    connection.disconnect();
  }
}

/** Without a terminal nobody can say yes. */
async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}
