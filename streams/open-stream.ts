// One kind of stream on a connection of its own: its log and its write path. A program that puts the
// engine together by hand opens what it needs with this; `createEngine` does so for programs that need no
// more.

import type { StreamDefinition, StreamTypes } from './contract/definition.ts';
import type { EventLog } from './contract/event-log.ts';
import type { CommandHandler } from './contract/task.ts';
import { createCommandHandler } from './handle/command-handler.ts';
import { createEventLog } from './log/event-log.ts';
import { type Observing, observedLog } from './log/observed-log.ts';
import { replicatedLog } from './log/replicated-log.ts';
import { noTelemetry, type Telemetry } from './trace/telemetry.ts';
import { untilReady, type Valkey } from './valkey/connection.ts';
import { createKeys, type Keys } from './valkey/keys.ts';
import type { Store } from './valkey/store.ts';

export interface OpenedStream<S extends StreamTypes> {
  readonly definition: StreamDefinition<S>;
  readonly store: Store;
  readonly commands: Valkey;
  readonly keys: Keys;
  readonly log: EventLog<S>;
  readonly handler: CommandHandler<S>;
  readonly telemetry: Telemetry;
  /** Resolves when commands can be sent; until then each one fails. Rejects with the signal's reason. */
  ready(signal: AbortSignal): Promise<void>;
  /** Ends the connection. */
  close(): void;
}

export interface OpenOptions<S extends StreamTypes> extends Observing<S> {
  /** Of the connection, in CLIENT LIST. */
  readonly name: string;
  readonly telemetry?: Telemetry;
  /** Tell what was committed only when a replica has it, too. */
  readonly replicated?: boolean;
}

export function openStream<S extends StreamTypes>(
  store: Store,
  definition: StreamDefinition<S>,
  { name, telemetry = noTelemetry, replicated = false, ...observing }: OpenOptions<S>,
): OpenedStream<S> {
  const commands = store.connect(name);
  const keys = createKeys(definition, store);
  const plain = createEventLog(commands, keys, definition);
  const replicas = replicated ? store.replicas(keys) : null;
  const safe = replicas === null ? plain : replicatedLog(plain, replicas);
  const log = observedLog(safe, definition, telemetry, observing);
  return {
    definition,
    store,
    commands,
    keys,
    log,
    handler: createCommandHandler(log, definition),
    telemetry,
    ready: (signal) => untilReady(commands, signal),
    close() {
      commands.disconnect();
      replicas?.close();
    },
  };
}
