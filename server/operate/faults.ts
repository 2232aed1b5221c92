// All faults of this program by their code: those of the engine, of models, and of what operators ask for.
// What players are told stands in core/errors.ts.

import { modelFaultKinds } from '../../agents/model.ts';
import { faultKinds as engineFaultKinds } from '../../streams/parts.ts';

const deskFaultKinds = {
  endless_steps: 'a game master always finds one more thing to do',
  no_free_code: 'chance found no free code for a room',
  room_unknown: 'there is no such room',
  room_moved: 'something has happened in the room meanwhile',
  room_exists: 'there is a room of this code already',
  round_unknown: 'there is no such round in this room',
  no_such_revision: 'the log ends before, or this is neither a revision nor a time',
  retract_refused: 'a round cannot be taken back now',
  bad_request: 'a wish to the desk is not put as it must be',
  key_reused: 'a key was sent before, with another wish',
  no_such_action: 'the desk does not do this',
  archive_broken: 'an archive is not what was written',
  archive_unwritable: 'an archive cannot be written there',
  group_needed: 'no game goes on without this group',
  group_at_work: 'a process works for this group',
} as const satisfies Record<string, string>;

export const faultKinds = { ...engineFaultKinds, ...modelFaultKinds, ...deskFaultKinds } as const;

export type FaultCode = keyof typeof faultKinds;
