// One connection of the server without a network or a store: what is said to it, and what it comes to. The
// clock stands until it is moved.

import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { type RequestType, subprotocol } from '../../../core/protocol.ts';
import { createAddressLimits } from '../../../server/live/budgets.ts';
import { openConnection } from '../../../server/live/connection.ts';
import type { LiveDeps } from '../../../server/live/session.ts';
import { createSockets } from '../../../server/live/sockets.ts';
import { newTraffic } from '../../../server/live/traffic.ts';
import { noTelemetry } from '../../../streams/trace/telemetry.ts';

class Wire extends EventEmitter {
  readonly OPEN = 1;
  readonly protocol = subprotocol;
  readonly _socket = { writableLength: 0, write: () => true };
  readyState = 1;
  closed: number | null = null;
  close(code: number): void {
    if (this.closed !== null) return;
    this.closed = code;
    this.readyState = 3;
    this.emit('close', code);
  }
}

function world() {
  const replies: string[] = [];
  const clock = { now: 0 };
  const bugs: unknown[] = [];
  const deps = {
    addresses: createAddressLimits(),
    clock: () => clock.now,
    telemetry: noTelemetry,
    traffic: newTraffic(),
    note: (what: string, detail: Readonly<Record<string, unknown>>) => {
      if (what === 'reply') replies.push(String(detail['error'] ?? 'ok'));
    },
    bug: (error: unknown) => bugs.push(error),
  } as unknown as LiveDeps;
  return { replies, clock, deps, bugs };
}

export const ping = '{"id":1,"t":"ping"}';

/** The line is closed at the end of `talk`; what that gives is given. */
export function onALine<T>(talk: (line: ReturnType<typeof openLine>) => T): T {
  const line = openLine();
  const came = talk(line);
  if (came instanceof Promise) return came.finally(line.end) as T;
  line.end();
  return came;
}

function openLine() {
  const { replies, clock, deps, bugs } = world();
  const wire = new Wire();
  const connection = openConnection(wire as unknown as WebSocket, '192.0.2.1', deps);
  const say = (frame: string) => void wire.emit('message', Buffer.from(frame), false);
  return {
    say,
    clock,
    replies,
    connection,
    control: (kind: 'ping' | 'pong') => void wire.emit(kind),
    closed: () => wire.closed,
    /** What the one frame is answered with. */
    async ask(frame: string): Promise<string> {
      say(frame);
      while (replies.length === 0) await new Promise(setImmediate);
      if (bugs.length > 0) throw bugs[0];
      return replies[0] ?? '';
    },
    end: () => wire.close(1000),
  };
}

/** What a frame comes to that is sound: nobody has joined, and no room has such a code. */
const sound: readonly string[] = ['not_joined', 'room_not_found'];

/** `taken`: its schema takes the request. Otherwise the code of its refusal. */
export async function asked(t: RequestType, d: Readonly<Record<string, unknown>>): Promise<string> {
  const code = await onALine((line) => line.ask(JSON.stringify({ id: 1, t, d })));
  return sound.includes(code) ? 'taken' : code;
}

/** So many sockets of one address at a server; what the last of them is closed with, or `taken`. */
export async function lastOfSockets(count: number): Promise<number | 'taken'> {
  const { deps } = world();
  const sockets = createSockets(deps);
  const wires = Array.from({ length: count }, () => new Wire());
  for (const wire of wires) sockets.accept(wire as unknown as WebSocket, '192.0.2.1');
  const last = wires.at(-1)?.closed ?? 'taken';
  for (const wire of wires) wire.close(1000);
  await sockets.close();
  return last;
}
