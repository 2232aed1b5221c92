// `arena step`: one event of a room and what it changed. In a terminal the arrow keys step forwards and back.

import { emitKeypressEvents, type Key } from 'node:readline';
import type { RecordedEvent } from '../../../core/events.ts';
import { CannotStart } from '../../config/cannot-start.ts';
import type { Config } from '../../config/config.ts';
import { readRoom, revisionOf, stepAt } from '../../operate/room-log.ts';
import { changeLine, eventLine, print, printJson } from '../terminal/output.ts';
import { roomCode } from './look.ts';
import { withOperator } from './with-operator.ts';

interface StepOptions {
  readonly json?: boolean;
}

export const step = (
  config: Config,
  room: string,
  meant: string | undefined,
  { json }: StepOptions,
  signal: AbortSignal,
): Promise<void> =>
  withOperator(config, async ({ log }) => {
    const events = await readRoom(log, roomCode(room));
    const rev = revisionOf(events, meant ?? null);
    if (rev === 0) throw new CannotStart('There is no event before the first.');
    if (json) return printJson(stepAt(events, rev));
    show(events, rev);
    if (process.stdin.isTTY && process.stdout.isTTY) await walk(events, rev, signal);
  });

function show(events: readonly RecordedEvent[], rev: number): void {
  const { event, changes } = stepAt(events, rev);
  if (event === null) return;
  print(eventLine(event));
  for (const change of changes) print(`       ${changeLine(change)}`);
  if (changes.length === 0) print('       nothing in the room has changed');
}

/** The revision that a key leads to, or null to end. */
function leadsTo({ name, ctrl }: Key, rev: number, last: number): number | null {
  if (name === 'q' || name === 'escape' || (ctrl && name === 'c')) return null;
  if (name === 'right' || name === 'down' || name === 'space') return Math.min(last, rev + 1);
  if (name === 'left' || name === 'up') return Math.max(1, rev - 1);
  if (name === 'home') return 1;
  return name === 'end' ? last : rev;
}

async function walk(events: readonly RecordedEvent[], from: number, signal: AbortSignal): Promise<void> {
  print('       ← → one back or on, Home and End, s the whole room, q ends');
  const ended = Promise.withResolvers<void>();
  let rev = from;
  const onKey = (_text: string, key: Key) => {
    const to = leadsTo(key, rev, events.length);
    if (to === null) return ended.resolve();
    if (key.name === 's') print(JSON.stringify(stepAt(events, rev).after, null, 2));
    if (to !== rev) show(events, to);
    rev = to;
  };
  const stop = () => ended.resolve();
  emitKeypressEvents(process.stdin);
  process.stdin.setRawMode(true);
  process.stdin.on('keypress', onKey);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await ended.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    process.stdin.off('keypress', onKey);
    process.stdin.setRawMode(false);
    process.stdin.pause();
  }
}
