// The game on a connection that a test opens and closes.

import type { Game } from '../../core/game.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createCommandHandler } from '../../streams/handle/command-handler.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';

/** `store`: one Valkey, or a cluster. */
export function gameOn(commands: Valkey, store: { readonly cluster: boolean } = { cluster: false }) {
  const keys = createGameKeys(store);
  const log = createEventLog<Game>(commands, keys, gameStream);
  return { commands, keys, log, handler: createCommandHandler<Game>(log, gameStream) };
}
