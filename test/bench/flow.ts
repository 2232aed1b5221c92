// `npm run bench -- flow [--json]`: the gap between rounds while the models take 0, 4 and 8 seconds for a
// call, as players of a whole arena of processes have it. The floor is the intermission that the room is
// set to.

import { startArena } from '../support/arena.ts';
import { startFakeOllama } from '../support/fake-ollama.ts';
import { pauses, playThrough } from '../support/through-arena.ts';
import { atMost, type Row, rowOf } from './support/figures.ts';
import { progress, repeats } from './support/interleaved.ts';
import { publish } from './support/publish.ts';

const rounds = Number(process.env['ROUNDS'] ?? 6);
const roundSeconds = 5;
/** What a room has unless it is set otherwise. */
const intermissionMs = 6_000;
/** Beside the rounds themselves. */
const spareMs = 90_000;

/** As many rooms as there are repeats play at the same time, each a game of its own. */
async function gamesWith(delayMs: number): Promise<{ gaps: number[]; own: number[] }> {
  const ollama = await startFakeOllama({ delayMs });
  const by = { RESEARCHER_PROVIDER: 'ollama', WRITER_PROVIDER: 'ollama', EDITOR_PROVIDER: 'ollama' };
  const arena = await startArena({
    ...by,
    OLLAMA_URL: ollama.url,
    INTERMISSION_MS: String(intermissionMs),
    // Each room wants a claim a round, so an agent has about so many calls under way.
    AGENT_CONCURRENCY: String(repeats * 2),
  });
  try {
    const withinMs = rounds * (roundSeconds * 1_000 + intermissionMs) + spareMs;
    const settings = { rounds, seconds: roundSeconds };
    const games = Array.from({ length: repeats }, () => playThrough(arena, settings, withinMs));
    const logs = await Promise.all(games);
    return {
      gaps: logs.flatMap(pauses),
      own: logs.map((log) => {
        const results = log.filter((event) => event.type === 'ROUND_RESULT');
        return results.filter(({ data }) => data.origin.provider === 'ollama').length / results.length;
      }),
    };
  } finally {
    await arena.stop();
    await ollama.stop();
  }
}

export async function bench(json: boolean): Promise<void> {
  const rows: Row[] = [];
  for (const seconds of [0, 4, 8]) {
    progress(`flow: ${repeats} games of ${rounds} rounds with a model of ${seconds} s`);
    const { gaps, own } = await gamesWith(seconds * 1_000);
    const floor = gaps.map(() => intermissionMs);
    const name = `gap between rounds, model of ${seconds} s`;
    rows.push(rowOf({ name, unit: 'ms', samples: { ours: gaps, floor }, bounds: [atMost(1.02, 'floor')] }));
    rows.push(
      rowOf({
        name: `the longest of ${gaps.length} gaps, model of ${seconds} s`,
        unit: 'ms',
        samples: { ours: [Math.max(...gaps)], floor: [intermissionMs] },
        bounds: [atMost(1.02, 'floor')],
      }),
    );
    rows.push(rowOf({ name: `claims of its own, model of ${seconds} s`, unit: '', samples: { ours: own } }));
  }
  await publish('flow', rows, json);
}
