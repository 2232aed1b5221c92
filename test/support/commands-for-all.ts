// A connection to a Valkey that keeps nothing on disk, for a file whose tests call functions of the store.

import { afterAll, beforeAll } from 'vitest';
import { connect, untilReady, type Valkey } from '../../streams/valkey/connection.ts';
import { startTestValkey, type TestValkey } from './valkey.ts';

/** Called once at the top of a file; `commands` is there in its tests. */
export function commandsForAll(): { readonly commands: Valkey } {
  let valkey: TestValkey;
  let commands: Valkey;
  beforeAll(async () => {
    valkey = await startTestValkey(['--appendonly', 'no']);
    commands = connect(valkey.url, 'test');
    await untilReady(commands, AbortSignal.timeout(10_000));
  });
  afterAll(async () => {
    commands.disconnect();
    await valkey.stop();
  });
  return {
    get commands() {
      return commands;
    },
  };
}
