// A connection to a Valkey that keeps nothing on disk, for a file whose tests call functions of the store.

import { afterAll, beforeAll } from 'vitest';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { connectTo, startTestValkey, type TestValkey } from './valkey.ts';

/** Called once at the top of a file; `commands` is there in its tests. */
export function commandsForAll(): { readonly commands: Valkey } {
  let valkey: TestValkey;
  let commands: Valkey;
  beforeAll(async () => {
    valkey = await startTestValkey(['--appendonly', 'no']);
    commands = await connectTo(valkey.url);
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
