// Valkey's own clock, by which everything is dated: no matter on whose machine a process runs.

import { orFault, type Valkey } from './connection.ts';

export const dayMs = 86_400_000;

/** In ms since 1970. Throws Fault when the store is away. */
export async function nowOf(connection: Valkey): Promise<number> {
  const [seconds, micros] = await orFault(() => connection.time());
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}

/** The day (UTC) of a moment in ms, as 2026-11-24. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
