// The game as the server has it: on one connection that all commands go through, with what is looked at to
// say how the process is.

import { limits } from '../../core/limits.ts';
import type { Valkey } from '../../streams/parts.ts';
import { version } from '../config/version.ts';
import { degradationsBy } from '../health/degradation.ts';
import { keptHealth, lookAtHealth } from '../health/health.ts';
import { createBucket } from '../live/budgets.ts';
import { createUnentered } from '../rooms/unentered.ts';
import type { GameKeys } from '../stores/keys.ts';
import { createSearch } from '../stores/memory-search.ts';
import { createJson } from '../stores/modules.ts';
import { createPresence } from '../stores/presence.ts';
import { createWriteProbe } from '../stores/write-probe.ts';
import { createFigures } from '../telemetry/figures.ts';
import { measurePreparation } from '../telemetry/round-preparation.ts';
import { type Shortfalls, shortfallsIn } from '../telemetry/shortfalls.ts';
import { openGame } from './game-stream.ts';
import type { Ground } from './with-store.ts';

/** `replicated`: what is acknowledged has to be on a replica. `clock` in ms. */
export function openGameAtServer({ store, telemetry }: Ground, replicated: boolean, clock: () => number) {
  const observing = { samples: answersTraced(clock), onCommit: measurePreparation(telemetry.meter) };
  const opened = openGame(store, { name: 'arena-server', telemetry, replicated, ...observing });
  const { commands, keys, handler: rooms, log: eventLog } = opened;
  const { shortfalls } = telemetry;
  const writes = createWriteProbe(commands, keys, { clock, replicated });
  const without = lookWithout({ commands, keys, shortfalls });
  const look = () => lookAtHealth({ connection: commands, keys, version, writes, without });
  const presence = createPresence(commands, keys);
  return {
    opened,
    commands,
    keys,
    rooms,
    eventLog,
    presence,
    unentered: createUnentered({ commands, keys, log: eventLog, rooms, presence }),
    telemetry,
    health: keptHealth(look, clock),
  };
}

export type GameAtServer = ReturnType<typeof openGameAtServer>;

interface Without {
  readonly commands: Valkey;
  readonly keys: GameKeys;
  readonly shortfalls: Shortfalls;
}

/** What is done without here, found out by trying, and what other processes told of themselves. */
function lookWithout({ commands, keys, shortfalls }: Without) {
  const json = createJson(commands, keys, shortfalls);
  const search = createSearch(commands, keys, json, shortfalls);
  const figures = createFigures(commands, keys.figures);
  return async () => {
    await Promise.all([json.usable(), search.usable()]);
    const others = [...(await figures.all()).values()].map(shortfallsIn);
    return degradationsBy(shortfalls.now(), others);
  };
}

/** Some answers each second, however many come. */
function answersTraced(clock: () => number): () => boolean {
  const { answersTracedPerSecond: perSecond } = limits;
  const bucket = createBucket(perSecond, perSecond);
  return () => bucket.take(clock()) === 0;
}
