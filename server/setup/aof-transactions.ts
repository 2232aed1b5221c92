// Follows MULTI and EXEC through an append-only file, and finds where a crash cut a transaction in half. Told
// each command in order by `aof-walk.ts`.
//
// Valkey 8.0.1 cuts a torn file behind its last whole command and leaves an open MULTI at its end. What it
// acknowledges afterwards stands inside that MULTI, and the next load runs the old half and refuses the new.
// A server writes SELECT when another database is meant than before, and once with the first write of its
// run. So a SELECT of the database that was selected anyway shows where a run begins: there, or at the MULTI
// before.

import type { Name } from './aof-commands.ts';

export interface Half {
  readonly from: number;
  /** Where the next run of the server began to write behind it. */
  readonly to: number;
}

interface Open {
  readonly at: number;
  empty: boolean;
  /** Where a run begins in it, for certain. */
  runAt: number | null;
  /** Where one may begin in it: directly behind its MULTI, which may as well be of that run. */
  runMaybeAt: number | null;
}

export function createTransactions() {
  const halves: Half[] = [];
  let database: string | null = null;
  let open: Open | null = null;
  // A MULTI inside the open one; the command behind it says whether a run begins with it.
  let nestedAt: number | null = null;

  const opened = (at: number): Open => ({ at, empty: true, runAt: null, runMaybeAt: null });

  /** Between a crash and the MULTI that follows there is one start: a second one reverts the half. */
  function closeHalf(runBegins: boolean): void {
    if (open === null || nestedAt === null) return;
    const maybe = runBegins ? null : open.runMaybeAt;
    halves.push({ from: open.at, to: open.runAt ?? maybe ?? nestedAt });
    open = opened(nestedAt);
    nestedAt = null;
  }

  return {
    next(name: Name, selected: string, at: number): void {
      const runBegins = name === 'SELECT' && selected === database;
      if (name === 'SELECT') database = selected;
      closeHalf(runBegins);
      if (open === null) open = name === 'MULTI' ? opened(at) : null;
      else if (name === 'MULTI') nestedAt = at;
      else if (name === 'EXEC') open = null;
      else {
        if (runBegins && open.empty) open.runMaybeAt = at;
        else if (runBegins) open.runAt ??= at;
        open.empty = false;
      }
    },
    /** `at`: where the last whole command ends. */
    end(at: number, size: number): { halves: readonly Half[]; tornAt: number | null } {
      closeHalf(true);
      const rest = at < size ? at : null;
      if (open === null) return { halves, tornAt: rest };
      if (open.runAt === null) return { halves, tornAt: open.at };
      return { halves: [...halves, { from: open.at, to: open.runAt }], tornAt: rest };
    },
  };
}
