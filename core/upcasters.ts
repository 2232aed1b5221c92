// How events of older versions become events of the next one: a table that goes into the game's definition,
// so that every reader of a log goes through it: a fold, an agent, a replay, or what was put back from
// the dead letters. Every event yet is of version 1, so it is empty.

/** Gives the envelope, its data included, as the next version has it. `type`: of the event. */
type Upcaster = (raw: Readonly<Record<string, unknown>>, type: string) => Record<string, unknown>;

/** By the version that they lift. */
export const upcasters: ReadonlyMap<number, Upcaster> = new Map();
