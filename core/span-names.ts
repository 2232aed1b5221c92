// Names of spans' attributes: OpenTelemetry's messaging conventions as of semantic conventions 1.45, which
// call Valkey by a name of our own since they list none, and the words of this game. What concerns models
// stands in `agents/gen-ai.ts`.

export const attribute = {
  system: 'messaging.system.name',
  operation: 'messaging.operation.name',
  /** create, send, receive, process or settle. */
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  group: 'messaging.consumer.group.name',
  consumer: 'messaging.client.id',
  message: 'messaging.message.id',
  /** The room. */
  conversation: 'messaging.message.conversation_id',
  errorType: 'error.type',
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  /** 1 at the first start of a handler for an entry. */
  attempt: 'arena.attempt',
  exceptions: 'arena.exceptions',
  /** How often a process ended while it handled this entry. */
  deaths: 'arena.deaths',
  redelivered: 'arena.redelivered',
  reason: 'arena.reason',
  /** How often the entry was a dead letter and was put back; attempts are counted anew each time. */
  requeues: 'arena.requeues',
  outcome: 'arena.outcome',
  types: 'arena.event.types',
  rev: 'arena.rev',
  by: 'arena.by',
  round: 'arena.round',
  cycle: 'arena.cycle',
  roundId: 'arena.round.id',
  sockets: 'arena.sockets',
  request: 'arena.request',
} as const;

export const valkeySystem = 'valkey';
export const feedDestination = 'game:feed';
/** Without the room, so that the name stays one of few. */
export const logDestination = 'game:events';
