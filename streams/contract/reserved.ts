// Names that the engine keeps for itself, in every kind of stream.

/** What names of the engine's own timers begin with; `streams.lua` knows it, too. */
const mark = 'engine:';

/** The timer at whose moment a stream that has ended may leave the store. */
export const retentionTimer = `${mark}retention`;

/** Fields of meta in which `commit.lua` keeps where a stream stands. */
const fields: ReadonlySet<string> = new Set(['rev', 'turn', 'at', 'seal']);

export const isReservedField = (field: string): boolean => fields.has(field);

/** The group that takes such streams out. */
export const retentionGroup = 'retention';

export const isReservedTimer = (name: string): boolean => name.startsWith(mark);

/** @throws Error for the name of a group that is the engine's. */
export function refuseReservedGroup(group: string): void {
  if (group !== retentionGroup) return;
  throw new Error(`the group ${group} is the engine's own: it takes streams out that have ended`);
}
