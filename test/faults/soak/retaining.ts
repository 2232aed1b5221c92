// Rooms leave the store while a soak runs, as an operator has them leave: by `arena retain`, once a minute,
// those that have rested for half a minute.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../server/cli/arena.ts', import.meta.url));
const everyMs = 60_000;
const dayMs = 86_400_000;
const restedMs = 30_000;

interface Retained {
  readonly dataDir: string;
  readonly archive: string;
}

/** Until the signal; gives how many left. */
export async function keepRetaining({
  signal,
  ...where
}: Retained & { readonly signal: AbortSignal }): Promise<number> {
  let retired = 0;
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) retired += await retain(where, restedMs);
  }
  return retired;
}

/** @throws Error with what the verb said where it did not end well. */
export async function retain({ dataDir, archive }: Retained, rested: number): Promise<number> {
  const args = ['retain', '--days', String(rested / dayMs), '--to', archive, '--yes', '--json'];
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ARENA_DATA_DIR: dataDir, VALKEY_URL: '', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    complained += String(chunk);
  });
  const [code] = await once(child, 'close');
  // A room with which an agent has still to do goes at the next turn.
  const others = complained.split('\n').filter((line) => line !== '' && !line.endsWith('left alone'));
  if (code !== 0 && others.length > 0) throw new Error(`arena retain ended with ${code}: ${complained}`);
  return said.split('\n').filter((line) => line.includes('"file"')).length;
}
