// Is there room for the Valkey that comes along? Its data lie on this machine, so the disk can be asked.

import { join, resolve } from 'node:path';
import { bad, type Finding, good, note } from '../../operate/finding.ts';
import { isScarce, leftOf, lookAtDisk } from '../../setup/disk.ts';

/** Nothing where there are no data yet. */
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
