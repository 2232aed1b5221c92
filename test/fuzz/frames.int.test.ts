// A server that is sent anything: it lives, says what is wrong by codes that are documented, tells no secret,
// and the game of others goes on. `FUZZ_FRAMES` and `FUZZ_SEED` choose another run; `FUZZ_AGAIN` plays a
// finding that was kept.

import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGameKeys } from '../../server/stores/keys.ts';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { readAfter } from '../../streams/handle/follow.ts';
import { createEventLog } from '../../streams/log/event-log.ts';
import { connect, untilReady } from '../../streams/valkey/connection.ts';
import type { Witnessed } from './beside.ts';
import type { Episode } from './episode.ts';
import { type Fuzzed, fuzz, isWrong } from './fuzz.ts';
import { documentedIn, secretsIn } from './judge.ts';
import { keep, shrunk } from './keep.ts';
import { type Gauged, startWorld, type World } from './world.ts';

const frames = Number(process.env['FUZZ_FRAMES'] ?? 2_000);
const seed = process.env['FUZZ_SEED'] ?? '1';
const again = process.env['FUZZ_AGAIN'];
const isLong = frames > 100_000;
const documented = documentedIn(readFileSync(new URL('../../server/README.md', import.meta.url), 'utf8'));
const say = (line: string) => process.stderr.write(`fuzz: ${line}\n`);
// A loop that is held up for longer is felt at every other game. In CPU time, so that a busy machine is no
// fault; half of it is collecting garbage.
const blockedMsMax = 250;
const MB = 1_048_576;

let world: World;
let done: Fuzzed;
let gauges: Gauged[] = [];
let seen: Witnessed;

beforeAll(async () => {
  world = await startWorld();
  gauges = [await world.gauge()];
  const startedAt = performance.now();
  done = await fuzz(world, {
    seed,
    frames,
    documented,
    say,
    each: async () => void gauges.push(await world.gauge()),
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  if (!world.isAlive()) return;
  gauges.push(await world.gauge());
  seen = await world.witnessed();
  const [first, last] = [gauges[0], gauges.at(-1)] as [Gauged, Gauged];
  say(`FUZZ_SEED=${seed} FUZZ_FRAMES=${frames}: ${done.frames} frames in ${done.episodes} episodes, and`);
  say(
    `${done.requests} requests over HTTP, in ${seconds.toFixed()} s; the server took ${figure(last.cpuMs - first.cpuMs)} ms of CPU,`,
  );
  say(
    `held up for ${figure(Math.max(...blocked()))} ms at most; heap ${gauges.map(({ heapUsed }) => figure(heapUsed / MB)).join(', ')} MB`,
  );
  say(
    `honest: ${seen.answers} answers in ${seen.rounds} rounds, p50 ${figure(seen.p50)}, p99 ${figure(seen.p99)}, max ${figure(seen.max)} ms`,
  );
  say(
    [...done.outcomes]
      .toSorted((a, b) => b[1] - a[1])
      .map(([what, times]) => `${what} ${times}`)
      .join(', '),
  );
  say([...done.phases].map(([phase, times]) => `${phase} ${times}`).join(', '));
}, 6 * 3_600_000);
afterAll(() => world.stop());

const figure = (value: number): string => value.toFixed();
/** Since it began to be fuzzed. */
const blocked = (): number[] => gauges.slice(1).map(({ blockedMs }) => blockedMs);

describe('a server that is sent anything', () => {
  test('lives, and finds no mistake of its own', () => {
    expect(world.mistakes()).toEqual([]);
    expect(world.isAlive()).toBe(true);
  });

  test('answers each request once, by what is documented, and tells no secret', async () => {
    const [finding] = done.findings;
    if (finding !== undefined) {
      const small = await shrunk(finding, documented, () => startWorld({ alone: true }));
      const path = keep(seed, finding.wrong, small);
      say(`${path} has the smallest part that is still wrong; FUZZ_AGAIN=${path} plays it again`);
    }
    expect(done.findings.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(done.frames).toBeGreaterThanOrEqual(frames);
  });

  test('tells no verdict before its round has a result', async () => {
    const commands = connect(world.valkey.url, 'fuzz');
    await untilReady(commands, AbortSignal.timeout(15_000));
    const log = createEventLog(commands, createGameKeys(), gameStream);
    const results = new Map<string, number>();
    for (const room of done.rooms) {
      for (const { type, roundId, at } of await readAfter(log, room as Parameters<typeof log.read>[0], 0)) {
        if (type === 'ROUND_RESULT' && roundId !== null) results.set(roundId, at);
      }
    }
    commands.disconnect();
    const early = [...done.verdicts].filter(
      ([roundId, at]) => at < (results.get(roundId) ?? Number.POSITIVE_INFINITY),
    );
    expect(early).toEqual([]);
    expect(done.verdicts.size).toBeGreaterThan(0);
  });

  test('keeps no token and no nonce as it is, in all that was ever written to its store', async () => {
    const commands = connect(world.valkey.url, 'fuzz');
    await untilReady(commands, AbortSignal.timeout(15_000));
    const [, dir] = (await commands.config('GET', 'dir')) as [string, string];
    commands.disconnect();
    const folder = `${dir}/appendonlydir`;
    const kept: string[] = [];
    let hashes = 0;
    for (const file of readdirSync(folder)) {
      let end = '';
      for await (const piece of createReadStream(`${folder}/${file}`, 'latin1')) {
        const found = secretsIn(end + String(piece));
        kept.push(...found.filter(done.wasSecret));
        hashes += found.filter((text) => text.length === 64).length;
        end = String(piece).slice(-200);
      }
    }
    expect(kept).toEqual([]);
    expect(hashes).toBeGreaterThan(10);
  });

  test('goes on with the game of others, each of whose answers is acknowledged', () => {
    expect(seen).toMatchObject({ refused: [], closes: [] });
    expect(seen.rounds).toBeGreaterThan(5);
    expect(seen.answers).toBeGreaterThanOrEqual(3 * seen.rounds);
  });

  test('is never held up for long, and its memory comes back', () => {
    expect(Math.max(...blocked())).toBeLessThan(blockedMsMax);
    const heap = gauges.map(({ heapUsed }) => heapUsed / MB);
    const [first = 0, half = 0, last = 0] = [heap[0], heap[Math.ceil(heap.length / 2)], heap.at(-1)];
    // What it keeps of rooms and addresses has its bounds; half of a long run fills them.
    expect(last).toBeLessThan(isLong ? half * 1.25 + 10 : first + 80);
  });

  test('met each phase of a game, and refused by nearly every code that there is', () => {
    const { outcomes, phases } = done;
    const often = [
      'invalid_json',
      'invalid_payload',
      'unknown_type',
      'not_joined',
      'forbidden',
      'rate_limited',
      'ok',
    ];
    const seldom = [...documented.codes].filter((code) => !unmet.has(code));
    for (const code of isLong ? seldom : often) expect(outcomes.get(code) ?? 0, code).toBeGreaterThan(0);
    const met = isLong
      ? ['lobby', 'waiting', 'question', 'closed', 'over', 'paused']
      : ['waiting', 'question'];
    for (const phase of met) expect(phases.get(phase) ?? 0, phase).toBeGreaterThan(0);
  });
});

// The store is well, ten thousand players are more than come, and games are asked for over HTTP.
const unmet: ReadonlySet<string> = new Set(['internal', 'unavailable', 'room_full', 'game_not_found']);

if (again !== undefined) {
  test('what was kept is no finding any more', async () => {
    const { episodes } = JSON.parse(readFileSync(again, 'utf8')) as { episodes: Episode[] };
    expect(await isWrong(world, episodes, documented)).toBe(false);
  });
}
