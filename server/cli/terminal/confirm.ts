// Asks before something is changed that cannot be changed back.

import { createInterface } from 'node:readline/promises';
import { CannotStart } from '../../config/cannot-start.ts';

/**
 * Returns when the person has said yes, by `--yes` or now.
 * @throws CannotStart when the person has not.
 */
export async function confirm(question: string, { yes = false }: { yes?: boolean }): Promise<void> {
  if (!yes && !(await confirmed(question))) throw new CannotStart('Nothing was changed.');
}

/**
 * True when the person says yes.
 * @throws CannotStart when there is no terminal to ask at.
 */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CannotStart('Nothing was changed: there is no terminal to ask at; say --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}
