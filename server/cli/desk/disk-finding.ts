// Whether the disk has room for the data of the Valkey that `arena up` runs. It lies on this machine.

import { join, resolve } from 'node:path';
import { bad, type Finding, good, note } from '../../operate/finding.ts';
import { isScarce, leftOf, lookAtDisk } from '../../setup/disk.ts';

/** Gives nothing when there is no data yet. */
export async function diskOf(dataDir: string): Promise<Finding[]> {
  const folder = join(dataDir, 'data');
  const look = await lookAtDisk(folder);
  if (look === null) return [];
  const where = resolve(folder);
  const free = 'Free some space there: without any, nothing is written and Valkey ends.';
  if (look.refusal !== null) {
    return [bad(`${where} takes nothing more: ${look.refusal} (${leftOf(look)})`, free)];
  }
  return [
    isScarce(look) ? note(`${where} is nearly full: ${leftOf(look)}`, free) : good(`${where} takes writes`),
  ];
}
