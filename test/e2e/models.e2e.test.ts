import { afterEach, expect, test } from 'vitest';
import type { RecordedEvent } from '../../core/events.ts';
import { type Arena, startArena } from '../support/arena.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { pauses, playThrough } from '../support/through-arena.ts';

// Whole games on models that are slow or broken: players must not notice.
const intermissionMs = 3_000;
const byOllama = { RESEARCHER_PROVIDER: 'ollama', WRITER_PROVIDER: 'ollama', EDITOR_PROVIDER: 'ollama' };

let arena: Arena | undefined;
let ollama: Awaited<ReturnType<typeof startFakeOllama>> | undefined;

afterEach(async () => {
  await arena?.stop();
  await ollama?.stop();
  arena = undefined;
  ollama = undefined;
});

type Result = RecordedEvent<'ROUND_RESULT'>;

test('a model that takes 8 s a call holds nothing up, and from the third round on every claim is its own', async () => {
  ollama = await startFakeOllama({ delayMs: 8_000 });
  arena = await startArena({ ...byOllama, OLLAMA_URL: ollama.url, INTERMISSION_MS: String(intermissionMs) });
  const rounds = 6;
  const log = await playThrough(arena, { rounds, seconds: 10 }, 200_000);
  const results = log.filter((event): event is Result => event.type === 'ROUND_RESULT');
  const late = pauses(log).map((ms) => ms - intermissionMs);
  console.log(`pauses beyond the intermission: ${late.join(', ')} ms`);
  console.log(`claims by: ${results.map(({ data }) => data.origin.provider).join(', ')}`);
  expect(results).toHaveLength(rounds);
  // The timer fires at most a quarter of a second late.
  expect(Math.max(...late)).toBeLessThan(600);
  expect(results.slice(2).map(({ data }) => data.origin.provider)).toEqual(Array(rounds - 2).fill('ollama'));
});

test('with a model that always fails the game is played to its end on embedded claims', async () => {
  ollama = await startFakeOllama({ behave: 'failing' });
  const quick = { LEAD_MS: '300', INTERMISSION_MS: '300' };
  arena = await startArena({ ...byOllama, ...quick, OLLAMA_URL: ollama.url });
  const log = await playThrough(arena, { rounds: 4, seconds: 5 }, 60_000);
  const results = log.filter((event): event is Result => event.type === 'ROUND_RESULT');
  expect(results.map(({ data }) => data.origin.provider)).toEqual(Array(4).fill('embedded'));
  expect(ollama.requests.length).toBeGreaterThan(0);
  const research = log.filter((event) => event.type === 'RESEARCH_DONE').map(({ data }) => data.origin);
  expect(research.some(({ fellBackFrom }) => fellBackFrom?.[0]?.provider === 'ollama')).toBe(true);
  expect(log.filter(({ type }) => type === 'GAME_OVER')).toHaveLength(1);
});
