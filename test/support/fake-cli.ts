// The fakes as programs: `node test/support/fake-ollama.ts --port 11434 --mood prose --delay 8000`. Prints
// its address as one line of JSON and runs until it is ended, or until the process that forked it is gone.

import { parseArgs } from 'node:util';
import { type FakeOptions, type FakeServer, moods } from './fake-model-server.ts';

export async function runFake(start: (options: FakeOptions) => Promise<FakeServer>): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      mood: { type: 'string', default: 'good' },
      delay: { type: 'string', default: '0' },
      serial: { type: 'string', default: '1' },
    },
  });
  const behave = moods.find((mood) => mood === values.mood);
  if (behave === undefined) throw new Error(`--mood is one of ${moods.join(', ')}`);
  const server = await start({
    port: Number(values.port),
    behave,
    delayMs: Number(values.delay),
    firstSerial: Number(values.serial),
  });
  process.once('disconnect', () => void server.stop().then(() => process.exit(0)));
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
}
