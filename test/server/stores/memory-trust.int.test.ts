// The memory on a server whose Search is of another make, forbidden, slow to fill, wrong or failing: it finds
// the same neighbours, tells that it does so in another way, and uses Search again when that is well.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../../core/limits.ts';
import type { Memory } from '../../../core/memory.ts';
import type { Shortfall } from '../../../server/health/shortfalls.ts';
import { createDocuments } from '../../../server/stores/documents.ts';
import { createMemory } from '../../../server/stores/memory.ts';
import { type Engine, startEngine } from '../../support/engine.ts';
import { type SearchDouble, startSearchDouble } from '../../support/search-double.ts';
import { startTestValkey, type TestValkey } from '../../support/valkey.ts';
import { describeMemory, dimensions, direction, played, rooms } from './memory.contract.ts';

const [here, there] = rooms;
const [restMs, fillMs] = [100, 300];

let valkey: TestValkey;
let double: SearchDouble;
let engine: Engine;
let spaces = 0;
/** What was told, each change once: the code, with why, or that it is well again. */
const told: string[] = [];
let last = new Map<Shortfall, string | null>();

const tell = (code: Shortfall, why: string | null) => {
  if (last.get(code) === why) return;
  last.set(code, why);
  told.push(`${code}: ${why ?? 'well'}`);
};
const well = 'search_unusable: well';

/** For looks that come a minute later. */
let later = 0;
const clock = () => performance.now() + later;

function open(space = `test_${spaces++}`): { memory: Memory; index: string } {
  const memory = createMemory(
    engine.commands,
    engine.keys,
    { space, dimensions },
    { tell, clock, restMs, fillMs },
  );
  return { memory, index: `memory_${space}_hash` };
}

beforeAll(async () => {
  valkey = await startTestValkey();
});
afterAll(() => valkey.stop());
beforeEach(async () => {
  double = await startSearchDouble(valkey.port);
  engine = await startEngine(double.url);
  await engine.commands.flushall();
  told.length = 0;
  last = new Map();
});
afterEach(async () => {
  await engine.close();
  await double.stop();
});

const texts = ['east', 'north-east', 'north', 'elsewhere'] as const;

async function fill(memory: Memory): Promise<void> {
  const one = (room: typeof here, text: string, turn: number) => ({
    played: played(room, text),
    embedding: direction(turn),
  });
  const ofHere = [one(here, texts[0], 0), one(here, texts[1], 0.5), one(here, texts[2], 1)];
  await memory.remember({ room: here, epoch: 'one', rev: 9, questions: ofHere });
  await memory.remember({ room: there, epoch: 'one', rev: 9, questions: [one(there, texts[3], 0.05)] });
}

async function findsAll(memory: Memory): Promise<void> {
  const find = async (room: typeof here | null, count: number) =>
    (await memory.nearest({ embedding: direction(0.1), room, count })).map(({ question }) => question);
  expect(await find(here, 2)).toEqual(['east', 'north-east']);
  expect(await find(null, 3)).toEqual(['elsewhere', 'east', 'north-east']);
  expect(await find(there, 9)).toEqual(['elsewhere']);
}

/** Resolves when the last word about Search was this. */
const untilTold = (what: string | RegExp) =>
  expect.poll(() => told.filter((one) => one.startsWith('search')).at(-1), { timeout: 20_000 }).toMatch(what);

/** Whether a question is answered by the index. */
async function searches(memory: Memory, index: string): Promise<boolean> {
  const before = double.searches.filter((name) => name === index).length;
  await memory.nearest({ embedding: direction(0.1), room: here, count: 2 });
  return double.searches.filter((name) => name === index).length > before;
}

describe.each(['one maker', 'another maker'] as const)('Search of %s', (words) => {
  beforeEach(() => {
    double.plan.words = words;
  });
  describeMemory('keeps what every memory promises', async () => {
    await engine.commands.del(engine.keys.memory.rooms);
    return open().memory;
  });

  test('is used once it has proved itself, and its trial leaves nothing', async () => {
    const { memory, index } = open();
    await fill(memory);
    await findsAll(memory);
    await untilTold(well);
    expect(await searches(memory, index)).toBe(true);
    await findsAll(memory);
    expect([...double.indexes.keys()]).toEqual([index]);
    expect(await engine.commands.keys('*trial*')).toEqual([]);
  });

  test('that lost its index answers with nothing missing, and gets a new one', async () => {
    const { memory, index } = open();
    await fill(memory);
    await findsAll(memory);
    await untilTold(well);
    double.loseIndexes();
    await findsAll(memory);
    await untilTold(/search_unusable: .*(not found|no such index)/);
    await untilTold(well);
    expect(await searches(memory, index)).toBe(true);
  });
});

describe('Search that was well', () => {
  test('and lost a part since is not believed when it finds fewer than were asked for', async () => {
    const { memory, index } = open();
    await fill(memory);
    await findsAll(memory);
    await untilTold(well);
    const keys = (await engine.commands.keys('memory:question:*')).sort();
    double.hide(index, keys.slice(1));
    await findsAll(memory);
    await untilTold(/its index lacks \d of 4/);
    await untilTold(well);
    expect(await searches(memory, index)).toBe(true);
  });

  test('and finds others than the nearest since is found out within a minute', async () => {
    const { memory } = open();
    await fill(memory);
    await findsAll(memory);
    await untilTold(well);
    double.plan.wrong = true;
    later += limits.searchCheckEveryMs + 1;
    await findsAll(memory);
    await untilTold(/other neighbours than the nearest/);
  });
});

describe('Search that does not do what it should', () => {
  test.each(['FT.CREATE', 'FT.SEARCH', 'FT.DROPINDEX'])('because our user may not use %s', async (verb) => {
    double.plan.forbidden = new Set([verb]);
    const { memory, index } = open();
    await fill(memory);
    await findsAll(memory);
    await untilTold(/NOPERM/);
    await findsAll(memory);
    expect(await searches(memory, index)).toBe(false);
    double.plan.forbidden = new Set();
    await untilTold(well);
    expect(await searches(memory, index)).toBe(true);
    await findsAll(memory);
  });

  test('since it finds the farthest is found out before anybody is answered by it', async () => {
    double.plan.wrong = true;
    const { memory } = open();
    await fill(memory);
    await findsAll(memory);
    await untilTold(/it found .* instead of/);
    await findsAll(memory);
  });

  test('since an older index lacks what stood before it answers by itself when it is filled', async () => {
    double.plan.fills = 0;
    const { memory, index } = open();
    await fill(memory);
    await findsAll(memory);
    await untilTold(/its index lacks 4 of 4/);
    await findsAll(memory);
    double.plan.fills = Number.POSITIVE_INFINITY;
    // A stuck one is made anew.
    await untilTold(well);
    expect(await searches(memory, index)).toBe(true);
  });

  test('but now and then never keeps a neighbour from those who ask', async () => {
    double.plan.fails = (nth) => nth % 5 === 0;
    const { memory } = open();
    await fill(memory);
    for (let i = 0; i < 60; i++) await findsAll(memory);
    double.plan.fails = () => false;
    await findsAll(memory);
    await untilTold(well);
  });
});

test('what was kept as text is searched when there is a Search', async () => {
  const plain = await startEngine(valkey.url);
  const space = `test_${spaces++}`;
  await fill(createMemory(plain.commands, plain.keys, { space, dimensions }));
  await plain.close();
  const { memory, index } = open(space);
  await findsAll(memory);
  await untilTold(well);
  expect(await searches(memory, index)).toBe(true);
  await findsAll(memory);
});

test('JSON that is there and refused takes no question and no document with it', async () => {
  double.plan.json = true;
  const { memory } = open();
  await fill(memory);
  await findsAll(memory);
  expect(told[0]).toMatch(/json_refused: .*unknown command/i);
  const documents = createDocuments(engine.commands, engine.keys, { tell, restMs });
  const put = (rev: number) =>
    documents.put({
      room: here,
      epoch: 'one',
      rev,
      summary: {},
      documents: new Map([['game:state', { rev }]]),
    });
  expect([await put(1), await put(2)]).toEqual([1, 1]);
  expect(await documents.get(here, 'game:state')).toEqual({ rev: 2 });
});
