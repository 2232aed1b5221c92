// `replay --verify`: each event against the rules, each result against a fresh fold, and the documents that
// stand against what the log comes to.

import type { RecordedEvent } from '../../core/events.ts';
import type { RoomCode } from '../../core/ids.ts';
import { canonical, createVerifier } from '../../core/verify.ts';
import { documentsOf, project, unprojected } from '../../projections/projector.ts';
import type { Documents } from '../../streams/documents.ts';

export interface Verified {
  readonly events: number;
  readonly documents: number;
  /** Each in a sentence that names its revision or its document. */
  readonly problems: readonly string[];
}

/** `stopAt` bounds how many problems are told. */
export async function verifyRoom(
  room: RoomCode,
  events: readonly RecordedEvent[],
  documents: Pick<Documents, 'get'>,
): Promise<Verified> {
  const verifier = createVerifier();
  const problems = events.flatMap((event) => verifier.next(event));
  const expected = documentsOf(project(unprojected, events));
  for (const [name, value] of expected) {
    const stands = await documents.get(room, name);
    if (stands === null) problems.push(`${name}: is missing`);
    else if (canonical(stands) !== canonical(value)) problems.push(`${name}: is not what the log comes to`);
  }
  return { events: events.length, documents: expected.size, problems };
}
