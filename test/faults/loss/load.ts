// Commands of every kind by the engine's own calls, in so many lanes at once that lists of commits form; and
// what of them is in a store, read past the engine.

import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createEngine, defineStream, openStore } from '../../../streams/engine.ts';
import type { Valkey } from '../../../streams/parts.ts';

const laneCount = 12;
// So that rounds side by side do not wait for one another's work.
const pauseMs = 4;

const counts = defineStream({
  name: 'loss',
  events: {
    Counted: z.object({ number: z.int() }),
    Noted: z.object({ number: z.int() }),
  },
  quiet: ['Noted'],
  initial: { last: 0 },
  // Each number once; the timer is moved with each.
  decide: (command: { number: number }) => ({
    key: `count:${command.number}`,
    events: [{ type: 'Counted', data: command }],
    timers: [{ set: 'idle', inMs: 3_600_000 }],
  }),
  evolve: (_state, { data }) => ({ last: data.number }),
});

interface Load {
  readonly url: string;
  readonly replicated: boolean;
  readonly signal: AbortSignal;
  /** Names the streams of this load apart from those of another on the same store. */
  readonly name: string;
  /** Told of each command that was acknowledged, as `stream number`. */
  readonly acknowledged: (what: string) => void;
}

/** Sends until the signal, or until the store is gone for good; what fails is not sent again. */
export async function load({ url, replicated, signal, name, acknowledged }: Load): Promise<void> {
  const store = await openStore(url, AbortSignal.any([signal, AbortSignal.timeout(30_000)]), () => undefined);
  const engine = createEngine({
    store,
    streams: [counts],
    consumer: name,
    replicated,
    checks: false,
    report: () => undefined,
  });
  const stream = engine.stream(counts);
  const lane = async (index: number) => {
    const id = `${name}-${index}`;
    for (let number = 1; !signal.aborted; number++) {
      const quiet = index % 3 === 0 && number > 1;
      const sent = quiet
        ? stream.append(id, {
            key: `note:${number}`,
            guards: [],
            events: [{ type: 'Noted', data: { number } }],
          })
        : stream.handle(id, { number });
      const outcome = await Promise.race([sent.catch(() => null), aborted(signal)]);
      const status = outcome?.status;
      if (status === 'ok' || status === 'done') acknowledged(`${id} ${number}`);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  };
  await engine.ready(AbortSignal.any([signal, AbortSignal.timeout(30_000)]));
  await Promise.all(Array.from({ length: laneCount }, (_, index) => lane(index)));
  await engine.close();
  store.close();
}

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });

/** How often each command of a load is in the logs, as `stream number`. */
export async function kept(commands: Valkey, name: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const key of await commands.keys(`loss:events:${name}-*`)) {
    for (const [, fields] of await commands.xrange(key, '-', '+')) {
      const text = fields[fields.indexOf('e') + 1] ?? '{}';
      const { number } = (JSON.parse(text) as { data: { number: number } }).data;
      const what = `${key.slice('loss:events:'.length)} ${number}`;
      found.set(what, (found.get(what) ?? 0) + 1);
    }
  }
  return found;
}
