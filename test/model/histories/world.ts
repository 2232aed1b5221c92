// The world of all histories of a file: one Valkey whose clock is told, and the processes. Each history has a
// kind of stream of its own, two processes, and an outside.

import { setTimeout as sleep } from 'node:timers/promises';
import { openStore, type Store } from '../../../streams/engine.ts';
import { untilReady, type Valkey } from '../../../streams/valkey/connection.ts';
import { callFunction } from '../../../streams/valkey/functions.ts';
import { createKeys, type Keys } from '../../../streams/valkey/keys.ts';
import { connectTo, startTestValkey, type TestValkey } from '../../support/valkey.ts';
import { toldClockOn } from '../told-clock.ts';
import { defineErrands, groups, type Sent } from './errands.ts';
import { type Beginning, beginHere, type Life } from './life.ts';
import { createOutsidePlan, type OutsidePlan } from './outside-plan.ts';
import { startWorkers } from './worker-life.ts';

/** Histories that share what the server holds before it is emptied. */
const keptHistories = 50;
const againMs = 5;
/** A server that died is back long before. */
const awayMsMax = 30_000;

export interface World {
  history(): Promise<Real>;
  stop(): Promise<void>;
}

export interface Real {
  readonly name: string;
  readonly url: string;
  readonly outside: OutsidePlan;
  /** For operators' work and for the judge. */
  readonly admin: {
    readonly commands: Valkey;
    readonly keys: Keys;
    readonly definition: { idField: string };
  };
  life(place: number): Life;
  /** `as`: another name than in its last life, which never comes back then. */
  begin(place: number, as?: string): Promise<void>;
  /** Names of consumers that do not live now. */
  gone(): readonly string[];
  kill(place: number): Promise<void>;
  /** Which place has this life. */
  placeOf(who: number): number;
  /** SIGKILL to the server, and a new life on its data. */
  crash(): Promise<void>;
  now(): number;
  pass(ms: number): Promise<void>;
  /** Sends under the same key until it is known what came of it; how often, too. */
  sendSurely(place: number, sent: Sent): Promise<{ readonly status: string; readonly tries: number }>;
  end(): Promise<void>;
}

type Begin = (place: number, beginning: Beginning, outside: OutsidePlan, who: number) => Promise<Life>;

/** `where`: whether processes live in this one, or are some. */
export async function openWorld(where: 'here' | 'processes'): Promise<World> {
  const valkey = await startTestValkey();
  const commands = await connectTo(valkey.url);
  const clock = await toldClockOn(commands);
  let now = 1_000_000;
  await clock.tell(now);
  // Loads the functions with the told clock; whoever comes later finds them there.
  await callFunction(commands, 'fire', ['none:timers', 'none:feed', 'none:names'], [1, 'stream']);
  const store = await openStore(valkey.url, AbortSignal.timeout(30_000));
  const workers = where === 'here' ? null : await startWorkers(valkey.url, 3);
  const begin: Begin = (place, beginning, outside, who) =>
    workers === null
      ? beginHere(store, beginning, outside.of(who))
      : workers.begin(place, beginning, outside.of(who));
  let histories = 0;
  return {
    async history() {
      if (histories % keptHistories === keptHistories - 1) {
        await commands.flushall();
        await clock.tell(now);
      }
      histories += 1;
      const told = {
        now: () => now,
        async pass(ms: number) {
          now += ms;
          await clock.tell(now);
        },
      };
      return openHistory(`history-${histories}`, { valkey, commands, begin }, told);
    },
    async stop() {
      await workers?.stop();
      closeStore(store, commands);
      await valkey.stop();
    },
  };
}

function closeStore(store: Store, commands: Valkey): void {
  store.close();
  commands.disconnect();
}

interface Shared {
  readonly valkey: TestValkey;
  readonly commands: Valkey;
  readonly begin: Begin;
}

async function openHistory(
  name: string,
  { valkey, commands, begin }: Shared,
  told: Pick<Real, 'now' | 'pass'>,
): Promise<Real> {
  const definition = defineErrands(name);
  const keys = createKeys(definition, { cluster: false });
  const feed = keys.partitions[0]?.feed ?? '';
  // A group can be paused before its first consumer has come.
  for (const group of groups) await commands.xgroup('CREATE', feed, group, '0', 'MKSTREAM');
  const outside = createOutsidePlan();
  const lives = new Map<number, { readonly life: Life; readonly who: number; readonly as: string }>();
  const names = new Set<string>();
  let last = 0;
  const real: Real = {
    name,
    url: valkey.url,
    outside,
    admin: { commands, keys, definition },
    life(place) {
      const found = lives.get(place)?.life;
      if (found === undefined) throw new Error(`process ${place} does not live`);
      return found;
    },
    async begin(place, as = `process-${place}`) {
      last += 1;
      const who = last;
      const beginning = { name, consumer: as };
      names.add(as);
      lives.set(place, { who, as, life: await begin(place, beginning, outside, who) });
    },
    async kill(place) {
      const found = lives.get(place);
      lives.delete(place);
      await found?.life.kill();
      if (found !== undefined) outside.over(found.who);
    },
    gone: () => [...names].filter((one) => ![...lives.values()].some(({ as }) => as === one)),
    placeOf: (who) => [...lives].find(([, one]) => one.who === who)?.[0] ?? -1,
    async crash() {
      await valkey.kill();
      await valkey.restart();
      await untilReady(commands, AbortSignal.timeout(30_000));
    },
    ...told,
    async sendSurely(place, sent) {
      const until = performance.now() + awayMsMax;
      for (let tries = 1; ; tries += 1) {
        const status = await real.life(place).send(sent);
        if (status !== 'unknown') return { status, tries };
        if (performance.now() > until) throw new Error(`${sent.key} was never answered`);
        await sleep(againMs);
      }
    },
    async end() {
      await Promise.all([...lives.values()].map(({ life }) => life.end()));
    },
  };
  await Promise.all([real.begin(0), real.begin(1)]);
  return real;
}
