import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { instruments } from '../../core/instruments.ts';
import { connect, untilReady } from '../../streams/connection.ts';
import { createFigures } from '../../streams/figures.ts';
import { createKeys } from '../../streams/keys.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { objectionsTo } from '../support/promtool.ts';
import { type Serving, startServing } from '../support/serving.ts';

const byOllama = { RESEARCHER_PROVIDER: 'ollama', WRITER_PROVIDER: 'ollama', EDITOR_PROVIDER: 'ollama' };
// Nothing goes wrong in this game, and no span is sent.
const quiet: ReadonlySet<string> = new Set(['arena_buried_total', 'arena_span_exports_total']);

describe('/metrics', () => {
  let arena: Serving;
  let ollama: Awaited<ReturnType<typeof startFakeOllama>>;
  let page: string;
  const scrape = async (headers: Record<string, string> = {}) =>
    (await fetch(`${arena.http}/metrics`, { headers })).text();
  const sumOf = (name: string, label: string): number => {
    const rows = page.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
    return rows.reduce((sum, row) => sum + Number(row.split(' ').at(-1)), 0);
  };

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
    // The agents hand over what they measured every few seconds; the verdict on a claim is the last of it.
    const untilTold = async () => {
      page = await scrape();
      expect(sumOf('arena_round_preparation_seconds_count', 'arena-agents')).toBeGreaterThanOrEqual(2);
    };
    await vi.waitFor(untilTold, { timeout: 20_000, interval: 200 });
  });
  afterAll(async () => {
    await arena.stop();
    await ollama.stop();
  });

  test('has everything that is measured, of this process and of the agents', () => {
    const missing = Object.keys(instruments).filter((name) => !page.includes(`# TYPE ${name} `));
    expect(missing.filter((name) => !quiet.has(name))).toEqual([]);
    expect(sumOf('arena_commits_total', 'what="answer"')).toBe(2);
    expect(sumOf('arena_joins_total', 'outcome="new",role="player"')).toBe(1);
    expect(sumOf('arena_joins_total', 'outcome="recovered"')).toBe(1);
    expect(sumOf('arena_sockets', 'arena-server')).toBe(2);
    expect(sumOf('arena_closes_total', 'code="1006"')).toBe(1);
    expect(sumOf('arena_model_calls_total', 'outcome="replied"')).toBeGreaterThanOrEqual(6);
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
    const commands = connect(arena.valkey.url, 'test');
    await untilReady(commands, AbortSignal.timeout(5_000));
    const key = createKeys().figures;
    await commands.hset(key, 'arena-writer gone', JSON.stringify({ at: Date.now() - 60_000, figures: {} }));
    expect([...(await createFigures(commands, key).all()).keys()]).not.toContain('arena-writer gone');
    expect(await commands.hexists(key, 'arena-writer gone')).toBe(0);
    commands.disconnect();
  });
});
