// The measurements of another process, as they are read from the store. That process may be of another
// version.

import { z } from 'zod';
import { type InstrumentName, instruments } from './instruments.ts';
import type { Snapshot } from './registry.ts';

const Series = z.object({
  labels: z.record(z.string(), z.string()),
  value: z.number(),
  counts: z.array(z.number()).optional(),
});
const Told = z.record(z.string(), z.array(Series));

/** What a process told, without what this version does not know: processes of several versions may run. */
export function readSnapshot(told: unknown): Snapshot {
  const parsed = Told.safeParse(told);
  const known = Object.entries(parsed.data ?? {}).filter(([name]) => Object.hasOwn(instruments, name));
  return Object.fromEntries(known) as Partial<Record<InstrumentName, z.infer<typeof Series>[]>>;
}
