import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits.ts';
import { callStore } from '../../../server/stores/functions.ts';
import { createLedger } from '../../../server/stores/ledger.ts';
import { createMemory, createRetractions } from '../../../server/stores/memory.ts';
import { bundleUrl } from '../../support/bundle.ts';
import { type Engine, startEngine } from '../../support/engine.ts';
import { startTestValkey, type TestValkey } from '../../support/valkey.ts';
import { describeMemory, dimensions, direction, played, rooms } from './memory.contract.ts';

const [here] = rooms;
const bundle = bundleUrl(0);

let valkey: TestValkey;
let engine: Engine;
let spaces = 0;
// A space of its own is a memory that holds nothing.
const freshSpace = () => `test_${process.pid}_${spaces++}`;
const memoryOn = async (on: Engine, space = freshSpace()) => {
  await on.commands.del(on.keys.memory.rooms);
  return createMemory(on.commands, on.keys, { space, dimensions });
};

beforeAll(async () => {
  valkey = await startTestValkey();
  engine = await startEngine(valkey.url);
});
afterAll(async () => {
  await engine.close();
  await valkey.stop();
});

describeMemory('the memory on a plain Valkey', () => memoryOn(engine));

describe.skipIf(bundle === null)('on a Valkey with modules', () => {
  let withModules: Engine;
  beforeAll(async () => {
    withModules = await startEngine(bundle ?? '');
    await withModules.commands.flushdb();
  });
  afterAll(() => withModules.close());
  describeMemory('the memory that the server searches', () => memoryOn(withModules));
});

describe('a question on a plain Valkey', () => {
  test('stands as JSON under the id of its round, with its vector', async () => {
    const memory = await memoryOn(engine, 'stands');
    const question = played(here, 'Two is even.');
    await memory.remember({
      room: here,
      epoch: 'one',
      rev: 1,
      questions: [{ played: question, embedding: direction(1) }],
    });
    const text = await engine.commands.get(`memory:question:${question.roundId}`);
    expect(JSON.parse(text ?? '')).toMatchObject({
      ...question,
      space: 'stands',
      embedding: { length: dimensions },
    });
  });

  test('is forgotten when so many newer ones have come, by every process that knew it', async () => {
    const space = freshSpace();
    const memory = await memoryOn(engine, space);
    const all = ['oldest', 'newer', 'newest'].map((text, i) => ({
      played: played(here, text),
      embedding: direction(i / 4),
    }));
    await memory.remember({ room: here, epoch: 'one', rev: 1, questions: all });
    const find = () => memory.nearest({ embedding: direction(0), room: here, count: 9 });
    expect(await find()).toHaveLength(3);
    const { memory: names } = engine.keys;
    const most = [here, 'one', 1, 'string', 2, names.question];
    await callStore(engine.commands, 'remember', [names.rooms, names.index(space)], most);
    expect((await find()).map(({ question }) => question)).toEqual(['newer', 'newest']);
    expect(await engine.commands.exists(`memory:question:${all[0]?.played.roundId}`)).toBe(0);
    expect(limits.memoryQuestionsMax).toBeGreaterThan(limits.askedFactsMax);
  });

  test('that cannot be read is as if it had been forgotten', async () => {
    const memory = await memoryOn(engine);
    const questions = [0, 1].map((turn) => ({
      played: played(here, `turn ${turn}`),
      embedding: direction(turn),
    }));
    await memory.remember({ room: here, epoch: 'one', rev: 1, questions });
    await engine.commands.set(`memory:question:${questions[0]?.played.roundId}`, '{"of":"another make"}');
    const found = await memory.nearest({ embedding: direction(0), room: here, count: 9 });
    expect(found.map(({ question }) => question)).toEqual(['turn 1']);
  });

  test('is found again after the server was emptied and filled anew', async () => {
    const space = freshSpace();
    const memory = await memoryOn(engine, space);
    const tell = (text: string) =>
      memory.remember({
        room: here,
        epoch: 'one',
        rev: 1,
        questions: [{ played: played(here, text), embedding: direction(0) }],
      });
    const find = async () =>
      (await memory.nearest({ embedding: direction(0), room: here, count: 9 })).map((one) => one.question);
    await tell('before');
    await tell('before too');
    expect(await find()).toHaveLength(2);
    await engine.commands.del(engine.keys.memory.index(space));
    await tell('after');
    expect(await find()).toEqual(['after']);
  });
});

describe('retracted facts', () => {
  test('are known to everybody, however often they are told', async () => {
    const retractions = createRetractions(engine.commands, engine.keys);
    await retractions.add(['a:1', 'b:2']);
    await retractions.add(['a:1']);
    await retractions.add([]);
    expect(await retractions.among(['a:1', 'c:3'])).toEqual(new Set(['a:1']));
    expect(await retractions.among([])).toEqual(new Set());
  });
});

describe('the ledger', () => {
  test('adds up the costs of a day', async () => {
    const ledger = createLedger(engine.commands, engine.keys);
    await ledger.add({ inputTokens: 100, outputTokens: 20, usd: 0.25 });
    await ledger.add({ inputTokens: 1 });
    const { tokens, usd } = await ledger.today();
    expect([tokens, usd]).toEqual([121, 0.25]);
  });
});
