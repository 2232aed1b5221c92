// What the engine says of a store that takes no writes, with the cures that this program knows.

import { refusalIn as plainRefusal, type Refusal } from '../../streams/admin.ts';
import { aclLine } from './rights.ts';

export type { Refusal, RefusalCode } from '../../streams/admin.ts';

const cures: Partial<Record<Refusal['code'], string>> = {
  store_memory: 'Raise maxmemory, or: npx arena retain',
  store_unreplicated: 'Start one, or set ARENA_DURABILITY=disk.',
  store_replica: 'Name its primary in VALKEY_URL.',
};

export function withCure(refusal: Refusal): Refusal {
  const { code, user = null } = refusal;
  if (code === 'store_rights') return { ...refusal, cure: `Give it all that a game needs: ${aclLine(user)}` };
  return { ...refusal, cure: cures[code] ?? refusal.cure };
}

/** A refusal as a person is told it, with its cure; null where it is none. */
export function sentenceOf(error: unknown): string | null {
  const refusal = refusalIn(error);
  return refusal === null ? null : `Valkey: ${refusal.what}. ${refusal.cure}`;
}

/** What a server's refusal means, also as a fault has it; null where it is none. */
export function refusalIn(error: unknown): Refusal | null {
  const refusal = plainRefusal(error);
  return refusal === null ? null : withCure(refusal);
}
