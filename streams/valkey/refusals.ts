// A server that is there and takes no writes, or none from us, says why. Each kind of it has its words and
// its cure here, for people, and one code, for metrics.

import { Fault } from '../contract/fault.ts';

const kinds = {
  store_disk: {
    what: 'the disk of the store takes nothing more',
    cure: 'Free space where it keeps its data; then it goes on by itself.',
  },
  store_snapshot: {
    what: 'the store could not save its last snapshot, and takes no writes since',
    cure: 'Its log says why. Mend that, then: valkey-cli BGSAVE. With appendonly yes no snapshot is needed: valkey-cli CONFIG SET save ""',
  },
  store_memory: {
    what: 'the memory of the store is full, so nothing is written',
    cure: 'Raise maxmemory, or take finished streams out.',
  },
  store_replica: {
    what: 'this is a replica, which takes no writes',
    cure: 'Name its primary instead.',
  },
  store_replicas: {
    what: 'the store takes no writes while too few replicas follow it',
    cure: 'Start replicas, or: valkey-cli CONFIG SET min-replicas-to-write 0',
  },
  store_unreplicated: {
    what: 'no replica follows the store, so nothing is acknowledged',
    cure: 'Start one, or do not wait for replicas.',
  },
  store_rights: {
    what: 'the user of the store may do too little',
    cure: 'Let it do so (ACL SETUSER).',
  },
  store_silent: {
    what: 'the store does not reply to a write',
    cure: 'See whether it is paused (valkey-cli CLIENT UNPAUSE), or whether its disk hangs.',
  },
} as const;

export type RefusalCode = keyof typeof kinds;
export const refusalCodes = Object.keys(kinds) as RefusalCode[];

export interface Refusal {
  readonly code: RefusalCode;
  /** A sentence without its full stop. */
  readonly what: string;
  readonly cure: string;
  /** Whose rights they are; null where the server did not say. */
  readonly user?: string | null;
}

/** `detail`: what the server adds to it. */
const refusal = (code: RefusalCode, detail?: string): Refusal => {
  const { what, cure } = kinds[code];
  return { code, what: detail === undefined ? what : `${what} (${detail})`, cure };
};

export const silence = refusal('store_silent');
export const unreplicated = refusal('store_unreplicated');

/** `missing`: as an ACL names the rights. */
export const missingRights = (missing: string, user: string | null): Refusal => ({
  code: 'store_rights',
  what: `the user of the store lacks ${missing}`,
  cure: `Let it do so (ACL SETUSER ${user ?? '<user>'}).`,
  user,
});

/** What a server's refusal means, also as a fault has it; null where it is none of these. */
export function refusalIn(error: unknown): Refusal | null {
  const said = String(error instanceof Fault ? (error.cause ?? error) : error);
  const disk = /MISCONF Errors writing to the AOF file: (.*)/.exec(said);
  if (disk !== null) return refusal('store_disk', disk[1]);
  if (/\bMISCONF\b/.test(said)) return refusal('store_snapshot');
  if (/\bOOM command not allowed/.test(said)) return refusal('store_memory');
  if (/\bREADONLY You can't write/.test(said)) return refusal('store_replica');
  if (/\bNOREPLICAS\b/.test(said)) return refusal('store_replicas');
  if (!/\bNOPERM\b|ACL failure in script/.test(said)) return null;
  const user = /User (\S+) has no permissions/.exec(said)?.[1] ?? null;
  const command = /to run the '([^']+)' command/.exec(said)?.[1];
  const place = /access a (key|channel)/.exec(said)?.[1];
  const missing = command === undefined ? `a ${place ?? 'right'}` : `+${command}`;
  return missingRights(missing, user);
}
