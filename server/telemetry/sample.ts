// Measurements that are not taken as things happen: how things stand now, and what the sockets counted by
// themselves since the last look.

import { limits } from '../../core/limits.ts';
import { Fault } from '../../streams/engine.ts';
import { awayOr, repeat } from '../../streams/parts.ts';
import { type Degradation, degradationCodes } from '../health/degradation.ts';
import type { Traffic } from '../live/traffic.ts';
import { groupsOf, overall } from '../operate/groups.ts';
import type { Operator } from '../operate/operator.ts';
import type { ArenaMeter } from './instruments.ts';

export interface Sampled {
  readonly operator: Pick<Operator, 'connection' | 'keys'>;
  readonly traffic: Traffic;
  readonly sockets: () => number;
  readonly degraded: () => Promise<readonly Degradation[]>;
}

/** Takes them regularly until aborted, where they are sent away by themselves. Rejects only for a bug. */
export async function keepSampling(sample: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await repeat(signal, async () => {
    await sample();
    return limits.metricsEveryMs;
  });
}

/** Takes them each time it is called. Without the store, those that are kept there stay as they were. */
export function createSampler(
  meter: ArenaMeter,
  { operator, traffic, sockets, degraded }: Sampled,
): () => Promise<void> {
  let before = { opened: 0, pushes: 0, closes: new Map<number, number>() };

  function countTraffic(): void {
    const { opened, pushes, closes } = traffic;
    meter.set('arena_sockets', sockets(), {});
    meter.add('arena_sockets_opened_total', {}, opened - before.opened);
    meter.add('arena_pushes_total', {}, pushes - before.pushes);
    for (const [code, times] of closes) {
      meter.add('arena_closes_total', { code: String(code) }, times - (before.closes.get(code) ?? 0));
    }
    before = { opened, pushes, closes: new Map(closes) };
  }

  async function lookAtStore(): Promise<void> {
    for (const { group, lag, pending } of overall(await groupsOf(operator))) {
      meter.set('arena_group_lag_entries', lag, { group });
      meter.set('arena_group_pending_entries', pending, { group });
    }
    const { connection, keys } = operator;
    const letters = await Promise.all(keys.partitions.map(({ dead }) => connection.xlen(dead)));
    const dead = letters.reduce((all, one) => all + one, 0);
    meter.set('arena_dead_letters', dead, {});
  }

  async function lookAtDegraded(): Promise<void> {
    const codes = new Set((await degraded()).map(({ code }) => code));
    for (const code of degradationCodes) meter.set('arena_degraded', codes.has(code) ? 1 : 0, { code });
  }

  return async () => {
    countTraffic();
    await lookAtDegraded();
    await lookAtStore().catch((error: unknown) => {
      if (!(awayOr(error) instanceof Fault)) throw error;
    });
  };
}
