// What a Valkey that is not ours makes of a file that a crash tore: whether it cuts it by itself, whether it
// has, and whether commits were lost by it. From outside only the setting and the errors of its load can be
// seen; on its own machine its files say the rest.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ValkeyNode } from '../../streams/parts.ts';
import { AofTrouble, type TornFile, tornFiles } from '../setup/aof-mend.ts';
import { bad, type Finding, note } from './finding.ts';

const loopback = /^(localhost|127\.|::1$)/;
// A write that is on its way into the file is there by then.
const writeMs = 100;

const forGood =
  'set aof-load-truncated no there and in its configuration file, and run valkey-check-aof --fix where it then refuses to start';

export interface Loading {
  /** `aof-load-truncated`; null where the server keeps it to itself. */
  readonly cuts: string | null;
  /** Errors that it gave to no client but its own file. */
  readonly errors: number;
  /** The folder of its data; null where it keeps it to itself. */
  readonly folder: string | null;
}

export async function recoveryOf(
  { options }: ValkeyNode,
  { cuts, errors, folder }: Loading,
): Promise<Finding[]> {
  if (errors > 0) {
    const said = `it refused commands of its own file when it loaded it (${errors}), so acknowledged events may be missing`;
    const copy =
      'Copy its appendonlydir before it rewrites it; npx arena replay <room> --verify says which rooms.';
    return [bad(said, copy)];
  }
  if (cuts !== 'yes') return [];
  if (folder !== null && loopback.test(options.host ?? '')) {
    const torn = await lastingly(() => tornIn(folder));
    if (torn !== null) {
      const cure = `Before it is started again: valkey-cli BGREWRITEAOF. Then ${forGood}.`;
      return [bad(`a crash tore its file (${torn}), and what came after is lost with its next start`, cure)];
    }
  }
  const risk =
    'after a crash in the middle of a write it may cut its file inside a commit (aof-load-truncated yes)';
  const after = 'After such a crash: valkey-cli BGREWRITEAOF before it is started again.';
  return [note(risk, `${after} Better, ${forGood}.`)];
}

/** What is found again is no write that was on its way. */
async function lastingly(look: () => Promise<string | null>): Promise<string | null> {
  const first = await look();
  if (first === null) return null;
  await sleep(writeMs);
  return (await look()) === first ? first : null;
}

/** Null where nothing is, or nothing can be read: it may be another user’s, or in a container. */
async function tornIn(folder: string): Promise<string | null> {
  const torn = await tornFiles(folder).catch((error: unknown) => {
    if (error instanceof AofTrouble || (error instanceof Error && 'errno' in error)) return [];
    throw error;
  });
  return torn.length === 0 ? null : torn.map(placeIn).join(', ');
}

const placeIn = ({ file, halves, tornAt, size }: TornFile): string =>
  `${file} at ${halves[0]?.from ?? tornAt} of ${size}`;
