// Names of spans' attributes: OpenTelemetry's messaging conventions as of semantic conventions 1.45, which
// list no name for Valkey, and the engine's own words. A domain adds its own (`TraceRules.attributesOf`).

export const attribute = {
  system: 'messaging.system.name',
  operation: 'messaging.operation.name',
  /** create, send, receive, process or settle. */
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  group: 'messaging.consumer.group.name',
  consumer: 'messaging.client.id',
  message: 'messaging.message.id',
  /** The stream. */
  conversation: 'messaging.message.conversation_id',
  errorType: 'error.type',
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
} as const;

export const valkeySystem = 'valkey';
export const feedOf = ({ name }: { readonly name: string }): string => `${name}:feed`;
/** Without the stream's id, so that the name stays one of few. */
export const logOf = ({ name }: { readonly name: string }): string => `${name}:events`;
