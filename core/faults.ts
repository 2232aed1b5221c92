// The catalogue of everything outside that can fail, or is not as it must be, by the code that a Fault
// carries. What players are told stands in errors.ts; these are for whoever operates.

export const faultKinds = {
  unavailable: 'the store is out of reach for now',
  not_permitted: 'the user of VALKEY_URL lacks a right at the store',
  store_failed: 'the store refused a command, and will again',
  no_such_database: 'VALKEY_URL names a database that the server does not have',
  too_many_conflicts: 'a room changed at every try to change it',
  endless_steps: 'a game master always finds one more thing to do',
  no_free_code: 'chance found no free code for a room',
  lease_lost: 'an entry is another consumer’s by now',
  handler_late: 'a handler has not come back in time',
  draining: 'the process stops',
  unreadable_entry: 'an entry of the feed cannot be read',
  unwritable_event: 'an event is none that a reader of the log would take',
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
  group_unknown: 'there is no such group',
  group_needed: 'no game goes on without this group',
  group_at_work: 'somebody works for this group',
  model_http: 'a model’s server answered with an error',
  model_lost: 'the line to a model broke',
  model_reply: 'a model gave no usable answer',
  model_resting: 'a model has failed so often that it is left alone for a while',
  model_timeout: 'a model did not answer in time',
  model_unset: 'a model is not configured',
} as const satisfies Record<string, string>;

export type FaultCode = keyof typeof faultKinds;
