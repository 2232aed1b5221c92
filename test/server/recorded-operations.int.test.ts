// Whatever an operator does that changes something is recorded once, with who did it: each verb that the
// source can record is done here.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { importRoom } from '../../server/operate/archive.ts';
import { type DeadLetter, drop, readLetters, requeue } from '../../server/operate/dead-letters.ts';
import { roomOperations } from '../../server/operate/operations.ts';
import { operatorOn } from '../../server/operate/operator.ts';
import { paused, resumed } from '../../server/operate/pausing.ts';
import { rebuildRoom } from '../../server/operate/rebuild.ts';
import { removeGroup } from '../../server/operate/remove-group.ts';
import { retireRoom } from '../../server/operate/retain.ts';
import { retractRound } from '../../server/operate/retract.ts';
import { gameCodec } from '../../server/wiring/game-stream.ts';
import { noteOperation } from '../../streams/admin/operations.ts';
import { engineLimits } from '../../streams/parts.ts';
import { plantLetter } from '../support/dead-letter.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { gameOn } from '../support/game-on.ts';
import { room as played, playedGame } from '../support/played-game.ts';
import { startTestValkey } from '../support/valkey.ts';

let valkey: Awaited<ReturnType<typeof startTestValkey>>;
let engine: Engine;
const folder = mkdtempSync(join(tmpdir(), 'arena-recorded-'));
beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
  rmSync(folder, { recursive: true });
});

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Verbs that the source records. */
const verbs = ['server/operate', 'streams/admin'].flatMap((place) =>
  readdirSync(root + place).flatMap((file) => {
    const text = readFileSync(`${root}${place}/${file}`, 'utf8');
    return [...text.matchAll(/\bverb: '(\w+)'|noteIn\(operator, '(\w+)'/g)].map(
      ([, one, other]) => one ?? other,
    );
  }),
);

test('each thing that an operator does is recorded once, with its verb and who did it', async () => {
  const { commands, partition } = engine;
  const by = 'ann@desk';
  const operator = operatorOn(gameOn(commands), by);
  const room = await engine.createRoom();
  const { log } = playedGame();
  const entries = log.map(({ rev, at, type, ...envelope }) => {
    return { rev, at, type, e: gameCodec.encode({ type, ...envelope } as RecordedEvent) };
  });
  await commands.xgroup('CREATE', partition.feed, 'mine', '0');
  for (const message of ['one', 'two']) await plantLetter(commands, { room, fingerprint: message, message });
  const [one, two] = (await readLetters(operator)) as [DeadLetter, DeadLetter];
  const deeds: Readonly<Record<string, () => Promise<unknown>>> = {
    rebuild: () => rebuildRoom(operator, room, { only: null, write: true }),
    requeue: () => requeue(operator, one),
    drop: () => drop(operator, two),
    pause: () => paused(operator, 'mine'),
    resume: () => resumed(operator, 'mine'),
    forget: () => removeGroup(operator, 'mine'),
    archive: () => retireRoom(operator, room, folder),
    // Both have the same code.
    import: () => importRoom(operator, { room: played, secrets: {}, entries, events: log }),
    retract: () => retractRound(operator, { room: played, round: '1', reason: 'it was wrong' }),
  };
  expect(Object.keys(deeds).toSorted()).toEqual([...new Set(verbs)].toSorted());
  const done: string[] = [];
  for (const [verb, deed] of Object.entries(deeds)) {
    await deed();
    done.unshift(verb);
    const told = await roomOperations(operator, 100);
    expect(told.map((operation) => operation.verb)).toEqual(done);
    expect(told[0]).toMatchObject({ by, about: expect.stringMatching(/./) });
  }
});

test('a letter and a room stay where it cannot be recorded who had them gone', async () => {
  const { commands, partition, log } = engine;
  const operator = operatorOn(gameOn(commands), 'ann@desk');
  const room = await engine.createRoom();
  await plantLetter(commands, { room, fingerprint: 'stays', message: 'stays' });
  const [letter] = (await readLetters(operator)) as [DeadLetter];
  // As a key that is another's: no note can be written there.
  await commands.rename(partition.operations, 'aside');
  await commands.set(partition.operations, 'of another');
  for (const deed of [requeue, drop]) await expect(deed(operator, letter)).rejects.toThrow('WRONGTYPE');
  await expect(retireRoom(operator, room, folder)).rejects.toThrow('WRONGTYPE');
  expect((await readLetters(operator)).map(({ id }) => id)).toEqual([letter.id]);
  expect(await log.head(room)).toMatchObject({ rev: 1 });
  await commands.rename('aside', partition.operations);
  expect(await drop(operator, letter)).toBeNull();
  expect((await roomOperations(operator, 1)).map(({ verb }) => verb)).toEqual(['drop']);
});

test('of what was done the newest is kept, and no more than some beyond the limit', async () => {
  const { commands, partition } = engine;
  const place = { operations: partition.operations, idField: 'room' };
  const one = { verb: 'drop', by: 'ann@desk', stream: '' };
  // The server forgets a whole block of 100 lines, or none of it.
  const count = engineLimits.operationsKept + 250;
  const all = Array.from({ length: count }, (_, n) =>
    noteOperation(commands, place, { ...one, about: `${n}` }),
  );
  await Promise.all(all);
  const kept = await commands.xlen(partition.operations);
  expect(kept).toBeGreaterThanOrEqual(engineLimits.operationsKept);
  expect(kept).toBeLessThan(engineLimits.operationsKept + 100);
  const [newest] = await roomOperations(operatorOn(gameOn(commands), 'ann@desk'), 1);
  expect(newest).toMatchObject({ about: `${count - 1}` });
});
