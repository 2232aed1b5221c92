import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProjector } from '../../../projections/projector.ts';
import { createDocuments } from '../../../server/stores/documents.ts';
import { bundleUrl } from '../../support/bundle.ts';
import { type Engine, startEngine } from '../../support/engine.ts';
import { startTestValkey, type TestValkey } from '../../support/valkey.ts';

let valkey: TestValkey;
let plain: Engine;

beforeAll(async () => {
  valkey = await startTestValkey();
  plain = await startEngine(valkey.url);
});
afterAll(async () => {
  await plain.close();
  await valkey.stop();
});

/** `type` is what Valkey calls a document: text, or JSON where the module is there. */
function describeDocuments(name: string, { open, type }: { open: () => Engine; type: string }): void {
  describe(name, () => {
    test('are written once for a revision and never taken back by a late projector', async () => {
      const { createRoom, commands, keys } = open();
      const room = await createRoom();
      const documents = createDocuments(commands, keys);
      const name = `game:state:${room}`;
      const put = (rev: number, epoch: string) =>
        documents.put({ room, epoch, rev, summary: {}, documents: new Map([[name, { rev }]]) });
      expect([await put(5, 'one'), await put(5, 'one'), await put(4, 'one')]).toEqual([1, 0, 0]);
      expect(await documents.get(room, name)).toEqual({ rev: 5 });
      // Another epoch is another room under the same code.
      expect(await put(1, 'two')).toBe(1);
      expect(await documents.get(room, name)).toEqual({ rev: 1 });
      expect(await commands.type(name)).toBe(type);
    });

    test('are written again at their revision where somebody says so, and never over a newer one', async () => {
      const { createRoom, commands, keys } = open();
      const room = await createRoom();
      const documents = createDocuments(commands, keys);
      const name = `game:state:${room}`;
      const put = (rev: number, value: string, again: boolean) => {
        const batch = { room, epoch: 'one', rev, summary: {}, documents: new Map([[name, { value }]]) };
        return documents.put({ ...batch, again });
      };
      await put(5, 'wrong', false);
      expect([await put(5, 'right', true), await put(4, 'late', true)]).toEqual([1, 0]);
      expect(await documents.get(room, name)).toEqual({ value: 'right' });
    });

    test('of a room stand at the head of its log after a projector was told', async () => {
      const { createRoom, commands, keys, log, partition } = open();
      const room = await createRoom();
      const documents = createDocuments(commands, keys);
      const beside = { keepMemory: async () => undefined, boardStore: { publish: async () => undefined } };
      await createProjector(log, documents, beside)(room);
      const state = await documents.get(room, `game:state:${room}`);
      expect(state).toMatchObject({ rev: 1, phase: 'lobby', room });
      expect(await commands.hget(partition.rooms, room)).toContain('"phase":"lobby"');
    });
  });
}

describeDocuments('documents on a plain Valkey', { open: () => plain, type: 'string' });

const bundle = bundleUrl(2);
describe.skipIf(bundle === null)('on a Valkey with modules', () => {
  let withModules: Engine;
  beforeAll(async () => {
    withModules = await startEngine(bundle ?? '');
    await withModules.commands.flushdb();
  });
  afterAll(() => withModules.close());
  describeDocuments('documents', { open: () => withModules, type: 'ReJSON-RL' });

  test('a document is text while our user may use no JSON, and JSON again after it', async () => {
    const { commands, keys, createRoom } = withModules;
    const may = (...rights: readonly string[]) =>
      commands.call('ACL', 'SETUSER', 'documents', 'on', '>secret', '~*', '&*', '+@all', ...rights);
    await may('-json.set');
    const { host } = new URL(bundle ?? '');
    const theirs = await startEngine(`redis://documents:secret@${host}/2`);
    const room = await createRoom();
    const name = `game:state:${room}`;
    const told: (string | null)[] = [];
    let now = 0;
    const trying = {
      tell: (_code: string, why: string | null) => told.push(why),
      clock: () => now,
      restMs: 1,
    };
    const documents = createDocuments(theirs.commands, keys, trying);
    const put = async (rev: number) => {
      await documents.put({ room, epoch: 'one', rev, summary: {}, documents: new Map([[name, { rev }]]) });
      expect(await documents.get(room, name)).toEqual({ rev });
      return commands.type(name);
    };
    expect(await put(1)).toBe('string');
    expect(told).toEqual([expect.stringContaining('json.set')]);
    await may();
    now = 1;
    expect(await put(2)).toBe('ReJSON-RL');
    expect(told.at(-1)).toBeNull();
    // Refused between its trial and its use.
    await may('-json.set');
    expect(await put(3)).toBe('string');
    expect(told.at(-1)).toContain('ACL failure');
    await theirs.close();
    await commands.call('ACL', 'DELUSER', 'documents');
  });
});
