// Reads streams to their end and folds them, in a process of its own, so that its memory is its own, too.
// Started by `replay.ts` with `ours` or `floor`, and what there is to read.

import { RoomCode } from '../../../core/ids.ts';
import { openGame } from '../../../server/wiring/game-stream.ts';
import { openStore, type Store, silentReport } from '../../../streams/engine.ts';
import { connect, engineLimits, openStream, untilReady, type Valkey } from '../../../streams/parts.ts';
import { type Cost, costOf } from '../support/cost.ts';
import { many } from '../support/interleaved.ts';
import { rooms } from '../support/streams.ts';

export interface Reading {
  readonly url: string;
  /** Of the engine's own benchmark, or rooms of the game. */
  readonly kind: 'rooms' | 'game';
  readonly streams: readonly string[];
  /** In all streams together. */
  readonly events: number;
}

export interface Replayed {
  readonly cost: Cost;
  readonly peakMb: number;
}

/** Streams that are read at the same time, as by a process that takes over another's work. */
const atOnce = 16;
/** The engine's. */
const pageEntries = engineLimits.readPageEntries;

/** As a process that has just begun: what it knows of the streams is nothing. */
async function ours({ url, kind, streams }: Reading): Promise<number> {
  const store = await openStore(url, AbortSignal.timeout(10_000), silentReport);
  const opened = openKind(store, kind);
  await opened.ready(AbortSignal.timeout(10_000));
  let read = 0;
  await many(streams.length, atOnce, async (at) => {
    const rev = await opened.load(streams[at] ?? '');
    read += rev;
  });
  opened.close();
  store.close();
  return read;
}

/** `load` gives how many events a stream has, once they are folded. */
function openKind(store: Store, kind: Reading['kind']) {
  const options = { name: 'replay' };
  if (kind === 'game') {
    const opened = openGame(store, options);
    return { ...opened, load: async (id: string) => (await opened.handler.load(RoomCode.parse(id))).rev };
  }
  const opened = openStream(store, rooms, options);
  return { ...opened, load: async (id: string) => (await opened.handler.load(id)).rev };
}

/** The bare driver, pages as large as the engine's, and the text made an object. */
async function floor(commands: Valkey, { kind, streams }: Reading): Promise<number> {
  let read = 0;
  await many(streams.length, atOnce, async (at) => {
    const log = `${kind}:events:${streams[at]}`;
    for (let after = '-'; ; ) {
      const page = await commands.xrange(log, after, '+', 'COUNT', pageEntries);
      for (const [, fields] of page) JSON.parse(fields[fields.indexOf('e') + 1] ?? '');
      read += page.length;
      if (page.length < pageEntries) return;
      after = `(${page.at(-1)?.[0]}`;
    }
  });
  return read;
}

if (import.meta.main) {
  const [who, text = ''] = process.argv.slice(2);
  const reading = JSON.parse(text) as Reading;
  const commands = connect(reading.url, 'bench');
  await untilReady(commands, AbortSignal.timeout(10_000));
  const cost = await costOf(commands, reading.events, async () => {
    const read = who === 'ours' ? await ours(reading) : await floor(commands, reading);
    if (read !== reading.events) throw new Error(`read ${read} of ${reading.events} events`);
  });
  const peakMb = Math.round(process.resourceUsage().maxRSS / 102.4) / 10;
  console.log(JSON.stringify({ cost, peakMb } satisfies Replayed));
  process.exit();
}
