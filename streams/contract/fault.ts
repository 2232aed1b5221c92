// Something outside failed. Driver errors become faults in the adapter that met them; the nearest loop
// retries, dead-letters or stops.

/** The engine's own faults, by the code that a Fault carries. A domain may have codes of its own. */
export const faultKinds = {
  unavailable: 'the store is out of reach for now',
  not_permitted: 'the user of the store lacks a right',
  store_failed: 'the store refused a command, and will again',
  no_such_database: 'the URL of the store names a database that the server does not have',
  too_many_conflicts: 'a stream changed at every try to change it',
  lease_lost: 'an entry is another consumer’s by now',
  handler_late: 'a handler has not come back in time',
  draining: 'the process stops',
  unreadable_entry: 'an entry of the feed cannot be read',
  unwritable_event: 'an event is none that a reader of the log would take',
  reserved_timer: 'a timer has a name that the engine keeps for itself',
  unfit_commit: 'a commit names, counts or times something that no log can keep',
  group_unknown: 'there is no such group',
  bad_step_name: 'a step has no name, or one that is too long',
  unkeepable_result: 'a step has given what is no JSON, or too much of it',
  bad_stream_id: 'the id is none that a stream of this kind can have',
  log_changed: 'what was read of a stream is not in its log any more',
  no_such_stream: 'a step or a timer has no stream that would keep it',
  definition_threw: '`decide`, `evolve` or `effects` of a kind of stream has thrown',
  no_decision: '`decide` has given neither events, nor a rejection, nor that its command is stale',
  not_deterministic: '`decide`, `evolve` or `effects` gives other results for the same input',
  input_changed: '`decide`, `evolve` or `effects` changes what it is given',
} as const satisfies Record<string, string>;

export type FaultCode = keyof typeof faultKinds;

/** `retryable`: the same call may succeed later. `Code`: the catalogue it is from. */
export class Fault<Code extends string = string> extends Error {
  override readonly name = 'Fault';
  readonly code: Code;
  readonly retryable: boolean;
  constructor(code: Code, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
  }
}

/** True when the store is out of reach for now: worth waiting for. Whatever else was thrown is not. */
export function isAway(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'unavailable';
}
