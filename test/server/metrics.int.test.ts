import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { groups } from '../../core/game.ts';
import { readConfig } from '../../server/config/config.ts';
import { createGameKeys } from '../../server/stores/keys.ts';
import { createFigures } from '../../server/telemetry/figures.ts';
import { instruments } from '../../server/telemetry/instruments.ts';
import { openTelemetry } from '../../server/telemetry/open.ts';
import { prometheusText } from '../../server/telemetry/prometheus.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { objectionsTo } from '../support/promtool.ts';
import { type Serving, startServing } from '../support/serving.ts';
import { connectTo } from '../support/valkey.ts';

const byOllama = { RESEARCHER_PROVIDER: 'ollama', WRITER_PROVIDER: 'ollama', EDITOR_PROVIDER: 'ollama' };
// Nothing goes wrong in the first game, and no span is sent; both happen below.
const quiet: readonly string[] = ['arena_buried_total', 'arena_span_exports_total'];
// The agents hand over what they measured every few seconds.
const soon = { timeout: 20_000, interval: 200 };

const scrapeOf = async ({ http }: Serving, headers: Record<string, string> = {}) =>
  (await fetch(`${http}/metrics`, { headers })).text();

/** Of all rows of a page with a label. */
function sumIn(page: string, name: string, label: string): number {
  const rows = page.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
  return rows.reduce((sum, row) => sum + Number(row.split(' ').at(-1)), 0);
}

const missingIn = (page: string, names: readonly string[]) =>
  names.filter((name) => !page.includes(`# TYPE ${name} `));

describe('/metrics', () => {
  let arena: Serving;
  let ollama: Awaited<ReturnType<typeof startFakeOllama>>;
  let page: string;
  const scrape = (headers?: Record<string, string>) => scrapeOf(arena, headers);
  const sumOf = (name: string, label: string) => sumIn(page, name, label);

  beforeAll(async () => {
    ollama = await startFakeOllama();
    arena = await startServing({ ...byOllama, OLLAMA_URL: ollama.url });
    const { room, hostToken } = await arena.makeRoom({ rounds: 2, seconds: 5 });
    const host = arena.client({ room, role: 'host', token: hostToken });
    const ada = arena.client({ room, name: 'Ada', choose: () => 'FACT' });
    for (const client of [host, ada]) await client.connect();
    await host.request('start', { after: null });
    await ada.until(() => ada.frame('GAME_OVER') !== undefined);
    ada.drop();
    await ada.connect();
    // The verdict on a claim is the last of it.
    const untilTold = async () => {
      page = await scrape();
      expect(sumOf('arena_round_preparation_seconds_count', 'arena-agents')).toBeGreaterThanOrEqual(2);
    };
    await vi.waitFor(untilTold, soon);
  });
  afterAll(async () => {
    await arena.stop();
    await ollama.stop();
  });

  test('has everything that is measured, of this process and of the agents', () => {
    const loud = Object.keys(instruments).filter((name) => !quiet.includes(name));
    expect(missingIn(page, loud)).toEqual([]);
    expect(sumOf('arena_commits_total', 'what="quiet"')).toBe(2);
    expect(sumOf('arena_joins_total', 'outcome="new",role="player"')).toBe(1);
    expect(sumOf('arena_joins_total', 'outcome="recovered"')).toBe(1);
    expect(sumOf('arena_sockets', 'arena-server')).toBe(2);
    expect(sumOf('arena_closes_total', 'code="1006"')).toBe(1);
    // Of two claims one is the models': before anybody sat there nothing was prepared.
    expect(sumOf('arena_model_calls_total', 'outcome="replied"')).toBeGreaterThanOrEqual(3);
    expect(sumOf('arena_model_tokens_total', 'direction="output"')).toBeGreaterThan(20);
    expect(sumOf('arena_group_lag_entries', 'group="writer"')).toBe(0);
  });

  test('passes promtool check metrics', async () => {
    expect(await objectionsTo(page)).toBe('');
    // And promtool can object.
    expect(await objectionsTo('# TYPE arena_commits counter\narena_commits{} 1\n')).toContain('_total');
  });

  test('is for whoever may see the desk', async () => {
    expect(await scrape({ 'x-forwarded-for': '10.0.0.1' })).toContain('no proxy may ask');
  });

  test('leaves out processes that have not been heard of for a while, and forgets them', async () => {
    const commands = await connectTo(arena.valkey.url);
    const key = createGameKeys().figures;
    await commands.hset(key, 'arena-writer gone', JSON.stringify({ at: Date.now() - 60_000, figures: {} }));
    expect([...(await createFigures(commands, key).all()).keys()]).not.toContain('arena-writer gone');
    expect(await commands.hexists(key, 'arena-writer gone')).toBe(0);
    commands.disconnect();
  });
});

test('what goes wrong is measured, too: a model that rests, and entries that were buried', async () => {
  const ollama = await startFakeOllama({ behave: 'failing' });
  const arena = await startServing({ ...byOllama, OLLAMA_URL: ollama.url });
  const figure = async (name: string, label: string) => sumIn(await scrapeOf(arena), name, label);
  const commands = await connectTo(arena.valkey.url);
  // Models are asked for a room in which somebody sits.
  const { room } = await arena.makeRoom();
  await arena.client({ room, name: 'Ada' }).connect();
  await commands.xadd('game:feed', '*', 'garbage', 'of a stranger');

  await expect.poll(() => figure('arena_buried_total', 'reason="unreadable"'), soon).toBe(groups.length);
  await expect.poll(() => figure('arena_breaker_open', 'model="llama3.2"'), soon).toBe(1);
  const page = await scrapeOf(arena);
  expect(sumIn(page, 'arena_dead_letters', 'arena-server')).toBe(groups.length);
  for (const group of groups) expect(sumIn(page, 'arena_buried_total', `group="${group}"`), group).toBe(1);
  expect(await objectionsTo(page)).toBe('');
  commands.disconnect();
  await arena.stop();
  await ollama.stop();
});

test('batches of spans are counted by whether the collector took them', async () => {
  const collector = await startOtlpReceiver();
  const { telemetry } = readConfig({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces` });
  const service = { name: 'arena-test', version: '1', instance: 'one' };
  const { tracer, registry, close } = await openTelemetry(telemetry, service, pino({ level: 'silent' }));
  const counted = (outcome: string) => {
    const page = prometheusText(new Map([['test', registry.snapshot()]]));
    return sumIn(page, 'arena_span_exports_total', `outcome="${outcome}"`);
  };
  const untilCounted = (outcome: string) =>
    expect
      .poll(async () => {
        await tracer.span({ name: outcome, kind: 'internal', attributes: {} }, async () => undefined);
        return counted(outcome);
      })
      .toBeGreaterThan(0);
  await untilCounted('taken');
  collector.mood = 'failing';
  await untilCounted('lost');
  await close();
  await collector.stop();
});
