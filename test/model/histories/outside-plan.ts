// The outside of a history: what its handlers meet. Each try throws, waits or goes on as the history says,
// and is written down with who made it; every payment, too.

import type { Met, Outside } from './errands.ts';
import { type Errand, isDoomed } from './model.ts';

interface Try extends Met {
  /** A life. */
  readonly who: number;
}

interface Held {
  readonly who: number;
  readonly letGo: () => void;
}

export interface OutsidePlan {
  readonly tries: readonly Try[];
  readonly payments: readonly { readonly n: number; readonly key: string; readonly receipt: string }[];
  /** What must never be, as it was seen. */
  readonly wrong: readonly string[];
  /** Errands whose handlers may not be started now: their group was seen to be paused before they came. */
  readonly forbidden: Set<number>;
  plan(errand: Errand): void;
  of(who: number): Outside;
  /** Resolves with a life that holds a handler, as soon as one does. */
  untilHeld(): Promise<number>;
  letAllGo(): void;
  /** A life is over, and whatever it held. */
  over(who: number): void;
}

export function createOutsidePlan(): OutsidePlan {
  const planned = new Map<number, Errand>();
  const thrown = new Map<number, number>();
  const held = new Map<number, Held>();
  const tries: Try[] = [];
  const payments: OutsidePlan['payments'][number][] = [];
  const wrong: string[] = [];
  const forbidden = new Set<number>();
  const gone = new Set<number>();
  let holding = Promise.withResolvers<number>();

  const hold = async (n: number, who: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.set(n, { who, letGo: resolve });
    holding.resolve(who);
    await promise;
  };
  const free = (n: number): void => {
    held.get(n)?.letGo();
    held.delete(n);
    if (held.size === 0) holding = Promise.withResolvers();
  };

  async function met(about: Met, who: number): Promise<'go' | 'throw'> {
    const { n } = about;
    // What a process said last may be heard when it is dead.
    if (gone.has(who)) return 'throw';
    tries.push({ ...about, who });
    const other = held.get(n);
    if (other !== undefined) wrong.push(`errand ${n} is handled by ${other.who} and ${who} at once`);
    if (forbidden.has(n)) wrong.push(`errand ${n} was started while its group was paused`);
    const errand = planned.get(n);
    if (errand === undefined) throw new Error(`errand ${n} was never asked for`);
    if (errand.slow) await hold(n, who);
    if (isDoomed(errand)) return 'throw';
    const before = thrown.get(n) ?? 0;
    if (before >= errand.fails) return 'go';
    thrown.set(n, before + 1);
    return 'throw';
  }

  return {
    tries,
    payments,
    wrong,
    forbidden,
    plan: (errand) => void planned.set(errand.n, errand),
    of: (who) => ({
      met: (about) => met(about, who),
      async paid(n, key) {
        const receipt = `receipt-${payments.length + 1}`;
        payments.push({ n, key, receipt });
        return receipt;
      },
    }),
    async untilHeld() {
      const [one] = held.values();
      return one?.who ?? holding.promise;
    },
    letAllGo() {
      for (const errand of planned.values()) errand.slow = false;
      for (const n of [...held.keys()]) free(n);
    },
    over(who) {
      gone.add(who);
      for (const [n, one] of [...held]) if (one.who === who) free(n);
    },
  };
}
