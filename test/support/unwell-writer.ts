// A writer that has no words for one topic, as a process of its own, for tests of dead letters. Its argument
// is the topic; it ends with the test.

import { embeddedOrigin } from '../../agents/embedded.ts';
import { createWriter } from '../../agents/writer.ts';
import { Fault } from '../../streams/contract/fault.ts';
import { startEngine } from './engine.ts';

const [topic = ''] = process.argv.slice(2);
const engine = await startEngine(process.env['VALKEY_URL'] ?? '');
const writer = createWriter({
  think: async ({ embedded }) => ({ value: await embedded(), origin: { ...embeddedOrigin, ms: 0 } }),
});
engine.consume({
  name: 'unwell',
  group: 'writer',
  wakes: [...writer.wakes],
  async handle(task) {
    const { state } = await task.load();
    if (state.phase !== 'none' && state.settings.topic === topic) {
      throw new Fault('model_unset', `no words for ${topic} in room ${task.stream}`, { retryable: false });
    }
    await writer.handle(task);
  },
});
process.once('disconnect', () => process.exit());
