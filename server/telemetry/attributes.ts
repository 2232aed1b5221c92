// Names of the attributes that the server's own spans bear, beside those of the engine.

export const attribute = {
  errorType: 'error.type',
  method: 'http.request.method',
  route: 'http.route',
  status: 'http.response.status_code',
  reason: 'arena.reason',
  outcome: 'arena.outcome',
  rev: 'arena.rev',
  types: 'arena.event.types',
  conversation: 'messaging.message.conversation_id',
  round: 'arena.round',
  sockets: 'arena.sockets',
  request: 'arena.request',
} as const;
