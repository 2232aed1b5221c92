// Asks before something is changed that cannot be changed back.

import { createInterface } from 'node:readline/promises';
import { CannotStart } from '../../config/cannot-start.ts';

/**
 * Goes on where somebody said yes, before or now.
 * @throws CannotStart where nobody did.
 */
export async function confirm(question: string, { yes = false }: { yes?: boolean }): Promise<void> {
  if (!yes && !(await confirmed(question))) throw new CannotStart('Nothing was changed.');
}

/**
 * True when somebody said yes.
 * @throws CannotStart without a terminal, where nobody can.
 */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new CannotStart('Nothing was changed: nobody can be asked here; say --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}
