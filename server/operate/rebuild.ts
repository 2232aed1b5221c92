// Documents made anew from the log: into a shadow first, compared with what stands, and only then in its
// place.

import type { RoomCode } from '../../core/ids.ts';
import { canonical } from '../../core/verify.ts';
import { documentsOf, project, summaryOf, unprojected } from '../../projections/projector.ts';
import { type Difference, differencesOf } from './difference.ts';
import { note, type Operator } from './operator.ts';
import { readRoom } from './room-log.ts';

const aboutCharsMax = 200;

/** Names of documents begin with one of these. */
export const projections = {
  state: 'game:state:',
  rounds: 'game:round:',
  leaderboard: 'game:leaderboard:',
  agents: 'agent:',
} as const;
export type ProjectionName = keyof typeof projections;

export interface Rebuilt {
  readonly room: RoomCode;
  readonly events: number;
  readonly documents: number;
  /** Names of those that differed from the log. */
  readonly different: readonly string[];
  /** In them, from what stood to what the log comes to. */
  readonly changes: readonly (Difference & { readonly document: string })[];
}

/** Where the room moved on meanwhile, its projector has written what is newer: that stays. */
export async function rebuildRoom(
  operator: Operator,
  room: RoomCode,
  { only, write }: { only: ProjectionName | null; write: boolean },
): Promise<Rebuilt> {
  const { log, documents } = operator;
  const events = await readRoom(log, room);
  const projected = project(unprojected, events);
  const all = [...documentsOf(projected)].filter(
    ([name]) => only === null || name.startsWith(projections[only]),
  );
  const { turn, state } = projected.folded;
  const different: string[] = [];
  const changes: Rebuilt['changes'][number][] = [];
  for (const [name, value] of all) {
    const stands = await documents.get(room, name);
    if (isNewer(stands, turn) || canonical(stands) === canonical(value)) continue;
    different.push(name);
    for (const change of differencesOf(stands, value)) changes.push({ document: name, ...change });
  }
  if (write && different.length > 0 && state.phase !== 'none') {
    const fresh = new Map(all.filter(([name]) => different.includes(name)));
    const summary = { ...summaryOf(state, projected.folded), reports: projected.reports };
    await documents.put({
      room,
      epoch: state.epoch,
      rev: turn,
      summary,
      documents: fresh,
      again: true,
    });
    await note(operator, { verb: 'rebuild', room, about: different.join(', ').slice(0, aboutCharsMax) });
  }
  return { room, events: events.length, documents: all.length, different, changes };
}

const isNewer = (document: unknown, rev: number): boolean =>
  typeof document === 'object' && document !== null && 'rev' in document && Number(document.rev) > rev;
