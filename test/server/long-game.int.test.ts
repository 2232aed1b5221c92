// The longest game there is, in one room, and what it leaves in the memory.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { RoomCode } from '../../core/ids.ts';
import { limits } from '../../core/limits.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import type { Valkey } from '../../streams/valkey/connection.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

const rounds = limits.roundsMax;
let arena: Serving;
let commands: Valkey;
let log: RecordedEvent[];

beforeAll(async () => {
  // Slow enough for the limit on messages, which holds for every player.
  arena = await startServing({ LEAD_MS: '0', INTERMISSION_MS: '110' });
  commands = await connectTo(arena.valkey.url);
  const { room, hostToken } = await arena.makeRoom({ rounds, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  for (const client of [host, ada]) expect((await client.connect()).err).toBeUndefined();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined, 500_000);
  log = await readAfter(createEventLog(commands, createGameKeys(), gameStream), RoomCode.parse(room), 0);
}, 520_000);
afterAll(async () => {
  commands.disconnect();
  await arena.stop();
});

const resultsOf = () =>
  log.filter((event): event is RecordedEvent<'ROUND_RESULT'> => event.type === 'ROUND_RESULT');
const questionsOf = () =>
  log.filter((event): event is RecordedEvent<'NEW_QUESTION'> => event.type === 'NEW_QUESTION');

test('a game of 200 rounds asks no fact twice', () => {
  const facts = resultsOf().map(({ data }) => data.factKey);
  expect(facts).toHaveLength(rounds);
  expect(new Set(facts).size).toBe(rounds);
});

test('it covers all nine topics, each as often as the others', () => {
  const byTopic = Map.groupBy(questionsOf(), ({ data }) => data.topic);
  console.log(
    `topics of ${rounds} rounds: ${[...byTopic].map(([topic, all]) => `${topic} ${all.length}`).join(', ')}`,
  );
  expect(byTopic.size).toBe(9);
  const counts = [...byTopic.values()].map((all) => all.length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(4);
});

test('between 45 and 55 of a hundred are FACT, and neither comes in long rows', () => {
  const truths = resultsOf().map(({ data }) => data.truth);
  const share = truths.filter((truth) => truth === 'FACT').length / rounds;
  const longest =
    truths
      .join(' ')
      .match(/(FACT ?)+|(FAKE ?)+/g)
      ?.map((row) => row.trim().split(' ').length) ?? [];
  console.log(`FACT ${(100 * share).toFixed(1)} %, longest row ${Math.max(...longest)}`);
  expect(share).toBeGreaterThanOrEqual(0.45);
  expect(share).toBeLessThanOrEqual(0.55);
  expect(Math.max(...longest)).toBeLessThan(12);
});

test('every question is remembered with its topic, difficulty, accuracy, fact and embedding', async () => {
  // The last one by a projector that may still be at it.
  await expect.poll(async () => (await commands.keys('memory:question:*')).length).toBe(rounds);
  const [first] = questionsOf();
  const result = resultsOf().find(({ roundId }) => roundId === first?.roundId);
  const document = JSON.parse((await commands.get(`memory:question:${first?.roundId}`)) ?? '{}');
  const { question, topic, difficulty } = first?.data ?? {};
  const { truth, factKey } = result?.data ?? {};
  expect(document).toMatchObject({ question, topic, difficulty, truth, factKey, embedding: { length: 384 } });
  expect(document.accuracy).toBe(truth === 'FACT' ? 1 : 0);
});
