// `npm run bench -- engine [--json]`: what the engine's own work costs beside the floor, which is the bare
// commands of the driver that any design needs, and beside BullMQ. All alternate in one process on one
// Valkey, once with its disk asked every second and once for every write.

import { openStore, silentReport } from '../../streams/engine.ts';
import { connect, untilReady } from '../../streams/parts.ts';
import { startTestValkey } from '../support/valkey.ts';
import { bullmqAdds, bullmqBulkAdds, floorOfAnswers, ourAnswers } from './engine/answers.ts';
import { floorOfReading, ourReading, writeRoom } from './engine/reading.ts';
import type { Setting } from './engine/setting.ts';
import { bullmqSteps, floorOfSteps, ourSteps } from './engine/steps.ts';
import { openBullMq } from './support/bullmq.ts';
import type { Cost } from './support/cost.ts';
import { atLeast, type Bound, type Row, rowOf } from './support/figures.ts';
import { interleaved } from './support/interleaved.ts';
import { publish } from './support/publish.ts';

const size = {
  steps: Number(process.env['STEPS'] ?? 4_000),
  answers: Number(process.env['ANSWERS'] ?? 20_000),
  atOnce: 256,
};

type Fsync = 'everysec' | 'always';
type Contender = (setting: Setting, run: number) => Promise<Cost>;

interface Work {
  readonly name: string;
  readonly contenders: Readonly<Record<string, Contender>>;
  readonly bounds: Readonly<Record<Fsync, readonly Bound[]>>;
}

const works: readonly Work[] = [
  {
    name: 'step',
    contenders: { ours: ourSteps, floor: floorOfSteps, BullMQ: bullmqSteps },
    bounds: {
      everysec: [atLeast(0.6, 'floor'), atLeast(3, 'BullMQ')],
      always: [atLeast(0.5, 'floor'), atLeast(3, 'BullMQ')],
    },
  },
  {
    name: 'answer',
    contenders: {
      ours: ourAnswers,
      floor: floorOfAnswers,
      BullMQ: bullmqAdds,
      'BullMQ addBulk': bullmqBulkAdds,
    },
    bounds: {
      everysec: [atLeast(0.5, 'floor'), atLeast(3, 'BullMQ')],
      always: [atLeast(0.5, 'floor'), atLeast(2, 'BullMQ')],
    },
  },
  {
    name: 'reading',
    contenders: { ours: ourReading, floor: floorOfReading },
    bounds: { everysec: [atLeast(0.5, 'floor')], always: [atLeast(0.5, 'floor')] },
  },
];

async function measure(fsync: Fsync): Promise<Row[]> {
  const valkey = await startTestValkey(['--appendfsync', fsync]);
  const store = await openStore(valkey.url, AbortSignal.timeout(10_000), silentReport);
  const commands = connect(valkey.url, 'bench');
  await untilReady(commands, AbortSignal.timeout(10_000));
  const bullmq = await openBullMq(valkey.url);
  const setting: Setting = { store, commands, bullmq, ...size };
  const rows: Row[] = [];
  try {
    await writeRoom(setting);
    for (const { name: work, contenders, bounds } of works) {
      const name = `${work}, ${fsync}`;
      const runs = Object.entries(contenders).map(([who, contender]) => {
        const run = (number: number) => contender(setting, number);
        return [who, run] as const;
      });
      const samples = await interleaved(name, Object.fromEntries(runs));
      rows.push(rowOf({ name, unit: '/s', samples, bounds: bounds[fsync] }));
    }
  } finally {
    bullmq.close();
    commands.disconnect();
    store.close();
    await valkey.stop();
  }
  return rows;
}

export async function bench(json: boolean): Promise<void> {
  await publish('engine', [...(await measure('everysec')), ...(await measure('always'))], json);
}
