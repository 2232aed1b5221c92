// An event of an older version, where there is one: whoever reads the log gets it as the present version has
// it, and so does whoever is given back what was a dead letter.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import type { RoomCode } from '../../core/ids.ts';
import { readLetters, requeue } from '../../server/operate/dead-letters.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { fieldsOf } from '../../streams/valkey/fields.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { gameOn } from '../support/game-on.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

// Say that before version 1 the author was called writer, and that version -1 did not write down the room.
const known = vi.hoisted(() => new Map<unknown, (raw: object, type: string) => object>());
vi.mock('../../core/upcasters.ts', () => ({ upcasters: known }));

let valkey: TestValkey;
let engine: Engine;
let room: RoomCode;
let present: RecordedEvent | undefined;

beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
  room = await engine.createRoom();
  [present] = await engine.log.read(room, 0);
  await ageFirstEvent();
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

/** Writes the first event of the room as two versions ago. */
async function ageFirstEvent(): Promise<void> {
  const { log } = engine.keys.of(room);
  const [[id, flat] = ['', []]] = await engine.commands.xrange(log, '-', '+');
  const fields = fieldsOf(flat);
  const { by, room: _room, ...rest } = JSON.parse(fields['e'] ?? '{}');
  const old = { ...fields, e: JSON.stringify({ ...rest, v: -1, writer: by }) };
  await engine.commands.del(log);
  await engine.commands.xadd(log, id, ...Object.entries(old).flat());
}

test('is lifted version by version wherever the log is read, also for a dead letter that is put back', async () => {
  const seen: (readonly RecordedEvent[])[] = [];
  const consumer = engine.consume({ name: 'one', handle: async ({ events }) => void seen.push(events) });
  // Nobody knows the old version yet.
  await consumer.reported('dead_lettered');
  const operator = operatorOn(gameOn(engine.commands), 'test');
  const [letter] = await readLetters(operator);
  expect(letter).toMatchObject({
    errorClass: 'UnreadableEvent',
    message: expect.stringContaining('version -1'),
  });
  await expect(readAfter(engine.log, room, 0)).rejects.toThrow('version -1 is not known here');

  known.set(-1, (raw) => ({ ...raw, v: 0, room }));
  known.set(0, ({ writer, ...raw }: { writer?: unknown }, type) => ({
    ...raw,
    v: 1,
    by: writer,
    lifted: type,
  }));
  if (letter === undefined) throw new Error('no letter');
  expect(await requeue(operator, letter)).toBeNull();
  await expect.poll(() => seen).toEqual([[present]]);
  expect(await readAfter(engine.log, room, 0)).toEqual([present]);
  expect(await readLetters(operator)).toEqual([]);
});
