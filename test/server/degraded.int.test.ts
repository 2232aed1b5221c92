// What the game does without, and how it is told: by /health, /metrics and the doctor alike, while it lasts
// and no longer.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { withOperator } from '../../server/cli/desk/with-operator.ts';
import { examine } from '../../server/operate/doctor.ts';
import { fakeDimensions, startFakeOllama } from '../support/fake-ollama.ts';
import { startFakeOpenAI } from '../support/fake-openai.ts';
import { type SearchDouble, startSearchDouble } from '../support/search-double.ts';
import { type Serving, serveOn } from '../support/serving.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { startTestValkey, type TestValkey } from '../support/valkey.ts';

let valkey: TestValkey;
let double: SearchDouble;
let arena: Omit<Serving, 'valkey'>;

/** A researcher that asks a model, and the memory what it asked before. */
let openai: Awaited<ReturnType<typeof startFakeOpenAI>>;
const serve = (url: string, env: Record<string, string> = {}) =>
  serveOn(url, {
    RESEARCHER_PROVIDER: 'openai',
    OPENAI_BASE_URL: `${openai.url}/v1`,
    OPENAI_API_KEY: 'none',
    ...env,
  });

beforeEach(async () => {
  openai = await startFakeOpenAI();
  valkey = await startTestValkey();
  double = await startSearchDouble(valkey.port);
});
afterEach(async () => {
  await arena.stop();
  await double.stop();
  await valkey.stop();
  await openai.stop();
});

// Processes of agents tell every few seconds.
const soon = { timeout: 20_000, interval: 200 };

interface Degraded {
  readonly code: string;
  readonly elsewhere?: true;
}
const degraded = async () => {
  const health = (await (await fetch(`${arena.http}/health`)).json()) as { degraded: Degraded[] };
  return health.degraded.map(({ code, elsewhere }) => (elsewhere ? `${code} elsewhere` : code));
};
const gauges = async (code: string) => {
  const page = await (await fetch(`${arena.http}/metrics`)).text();
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('arena_degraded{') && line.includes(`"${code}"`));
  return Object.fromEntries(
    rows.map((row) => [/process="(arena-\w+)/.exec(row)?.[1], Number(row.split(' ').at(-1))]),
  );
};
const findings = async (words: string) => {
  const all = await withOperator(arena.config, examine);
  return all.filter(({ what, mood }) => mood === 'bad' && what.includes(words));
};

/** The first round is the game master’s own if it has to be quick; the second one is prepared. */
async function playRounds(): Promise<void> {
  const { room, hostToken } = await arena.makeRoom({ rounds: 2, seconds: 5 });
  const host = arena.client({ room, role: 'host', token: hostToken });
  const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
  for (const client of [host, ada]) await client.connect();
  await host.request('start', { after: null });
  await ada.until(() => ada.frame('GAME_OVER') !== undefined, 40_000);
}

test('Search of another maker is used like that of the first, and nothing is said of it', async () => {
  double.plan.words = 'another maker';
  arena = await serve(double.url);
  await playRounds();
  expect(await degraded()).toEqual([]);
  await expect.poll(() => gauges('search_unusable'), soon).toEqual({ 'arena-server': 0, 'arena-agents': 0 });
  expect(await findings('Search')).toEqual([]);
  await expect.poll(() => double.searches.some((name) => !name.includes('trial'))).toBe(true);
}, 60_000);

test('Search that our user may not use is told by every place, and the game goes on with what it remembers', async () => {
  double.plan.forbidden = new Set(['FT.CREATE']);
  double.plan.json = true;
  arena = await serve(double.url);
  await expect.poll(degraded).toEqual(['json_refused', 'search_unusable']);
  expect((await fetch(`${arena.http}/ready`)).status).toBe(200);
  await playRounds();
  await expect.poll(() => gauges('search_unusable'), soon).toEqual({ 'arena-server': 1, 'arena-agents': 1 });
  await expect.poll(() => gauges('json_refused'), soon).toEqual({ 'arena-server': 1, 'arena-agents': 1 });
  expect(await findings('the store has Search')).toMatchObject([
    { what: expect.stringContaining('NOPERM'), cure: expect.stringContaining('FT.CREATE') },
    { what: expect.stringContaining('told by arena-agents') },
  ]);
  expect(await findings('the store has JSON')).toHaveLength(2);
}, 60_000);

test('an embedder that does not answer is told by those who asked it, until it does', async () => {
  const ollama = await startFakeOllama();
  const line = await startTcpProxy(Number(new URL(ollama.url).port));
  line.cut();
  const byOllama = { EMBEDDER_PROVIDER: 'ollama', EMBEDDER_DIMENSIONS: String(fakeDimensions) };
  arena = await serve(valkey.url, { ...byOllama, OLLAMA_URL: line.url });
  await playRounds();
  await expect.poll(degraded, soon).toEqual(['embedder_silent elsewhere']);
  expect(await gauges('embedder_silent')).toEqual({ 'arena-server': 0, 'arena-agents': 1 });
  expect(await findings('the embedder')).toHaveLength(1);
  line.restore();
  await playRounds();
  await expect.poll(degraded, soon).toEqual([]);
  await line.stop();
  await ollama.stop();
}, 90_000);
