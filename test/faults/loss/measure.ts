// Rounds of every fault under every setting, some at a time, summed up.

import { playRound, type Round } from './rounds.ts';
import { applies, type Fault, faultNames, type Setting } from './settings.ts';

/** All rounds of a fault under a setting. */
export interface Cell {
  readonly setting: string;
  readonly fault: Fault;
  readonly rounds: number;
  /** Rounds beside those that came to nothing, since a server ended by itself. */
  readonly broken: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** Rounds in which something was lost. */
  readonly losing: number;
  /** The longest time before the fault from which something acknowledged was lost, in ms. */
  readonly lostMsMax: number;
}

export interface Measuring {
  /** Of all settings, or those alone. */
  readonly of: readonly Setting[];
  /** Of each fault, unless that takes longer than so many minutes. */
  readonly rounds: number;
  readonly minutes: number;
  readonly atOnce: number;
  readonly tell: (cell: Cell) => void;
}

export async function measure({ of, tell, ...wanted }: Measuring): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const setting of of) {
    for (const fault of faultNames) {
      if (!applies(fault, setting)) continue;
      const cell = summed(setting, fault, await playRounds(setting, fault, wanted));
      tell(cell);
      cells.push(cell);
    }
  }
  return cells;
}

interface Played {
  readonly played: readonly Round[];
  readonly broken: number;
}

async function playRounds(
  setting: Setting,
  fault: Fault,
  { rounds, minutes, atOnce }: Pick<Measuring, 'rounds' | 'minutes' | 'atOnce'>,
): Promise<Played> {
  const played: Round[] = [];
  let [begun, broken] = [0, 0];
  const late = performance.now() + minutes * 60_000;
  const work = async () => {
    // A round that broke off has shown nothing: another one is played, and it is told.
    while (begun < rounds + Math.min(broken, 5) && performance.now() < late) {
      begun += 1;
      const round = await playRound(fault, setting).catch((error: unknown) => {
        console.error(`${setting.name}, ${fault}: a round broke off: ${error}`);
        return null;
      });
      if (round === null) broken += 1;
      else played.push(round);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { played, broken };
}

function summed({ name }: Setting, fault: Fault, { played: rounds, broken }: Played): Cell {
  const sum = (of: 'acknowledged' | 'lost' | 'doubled') => rounds.reduce((all, round) => all + round[of], 0);
  return {
    setting: name,
    fault,
    rounds: rounds.length,
    broken,
    acknowledged: sum('acknowledged'),
    lost: sum('lost'),
    doubled: sum('doubled'),
    losing: rounds.filter(({ lost }) => lost > 0).length,
    lostMsMax: Math.round(Math.max(...rounds.map(({ lostMs }) => lostMs))),
  };
}
