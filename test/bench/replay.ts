// `npm run bench -- replay [--json]`: a process that knows nothing of a stream of a million events reads
// and folds it, as each does that takes one over. The floor is XRANGE and JSON.parse of the same entries.
// Memory may not grow with the history: it is compared with that of a stream of half as many.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startTestValkey } from '../support/valkey.ts';
import { writeGames, writeStream } from './replay/logs.ts';
import type { Reading, Replayed } from './replay/reader.ts';
import { atLeast, atMost, rowOf } from './support/figures.ts';
import { interleaved } from './support/interleaved.ts';
import { publish } from './support/publish.ts';

// A heap is collected when it is worth it, so its size is told apart only after some hundred thousand events.
const events = Number(process.env['EVENTS'] ?? 1_000_000);
const reader = fileURLToPath(new URL('./replay/reader.ts', import.meta.url));

async function replay(who: 'ours' | 'floor', reading: Reading): Promise<Replayed> {
  const { stdout } = await promisify(execFile)(process.execPath, [reader, who, JSON.stringify(reading)], {
    maxBuffer: 1024 * 1024,
  });
  return JSON.parse(stdout) as Replayed;
}

export async function bench(json: boolean): Promise<void> {
  const valkey = await startTestValkey(['--appendfsync', 'everysec']);
  try {
    const whole = await writeStream(valkey.url, 'whole', events);
    const half = await writeStream(valkey.url, 'half', Math.ceil(events / 2));
    const games = await writeGames(valkey.url, Math.ceil(events / 5));
    // Each is a new process, which warms up nothing for the next.
    const runs = await interleaved(
      'replay',
      {
        ours: () => replay('ours', whole),
        floor: () => replay('floor', whole),
        'a half': () => replay('ours', half),
        'our games': () => replay('ours', games),
        "the games' floor": () => replay('floor', games),
      },
      { warmUps: 0 },
    );
    const costs = (some: readonly Replayed[]) => some.map(({ cost }) => cost);
    const peaks = (some: readonly Replayed[]) => some.map(({ peakMb }) => peakMb);
    const count = (of: Reading) => of.events.toLocaleString('en-US');
    const rows = [
      rowOf({
        name: `${count(whole)} events of one stream`,
        unit: '/s',
        samples: { ours: costs(runs.ours), floor: costs(runs.floor) },
        bounds: [atLeast(0.5, 'floor')],
      }),
      rowOf({
        name: `${count(games)} events of ${games.streams.length.toLocaleString('en-US')} games`,
        unit: '/s',
        samples: { ours: costs(runs['our games']), floor: costs(runs["the games' floor"]) },
        bounds: [atLeast(0.5, 'floor')],
      }),
      rowOf({
        name: 'memory at its peak, one stream',
        unit: 'MB',
        samples: {
          ours: peaks(runs.ours),
          floor: peaks(runs.floor),
          'half of the events': peaks(runs['a half']),
        },
        bounds: [atMost(1.3, 'half of the events')],
      }),
    ];
    await publish('replay', rows, json);
  } finally {
    await valkey.stop();
  }
}
