import { afterAll, beforeAll, expect, test } from 'vitest';
import { groups } from '../../core/game.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { freePort } from '../support/ports.ts';
import { startProcess } from '../support/processes.ts';
import { connectTo, startTestValkey, type TestValkey } from '../support/valkey.ts';

let valkey: TestValkey;

/** A Valkey that is there and refuses: the feed is no stream. */
beforeAll(async () => {
  valkey = await startTestValkey();
  const commands = await connectTo(valkey.url);
  for (const { feed } of createGameKeys().partitions) await commands.set(feed, 'no stream');
  commands.disconnect();
});
afterAll(() => valkey.stop());

test.each(['serve', ...groups.map((group) => `agents ${group}`)])(
  'a process that meets what waiting cannot mend ends by itself, and says why: arena %s',
  async (verb) => {
    const env = { VALKEY_URL: valkey.url, PORT: String(await freePort()), HOST: '127.0.0.1' };
    const process = startProcess('one', verb.split(' '), { ...env, LOG_LEVEL: 'silent' });
    try {
      expect(await process.ended()).toBe(1);
      expect(process.output()).toMatch(/^arena: WRONGTYPE .*\n$/);
    } finally {
      await process.kill();
    }
  },
);
