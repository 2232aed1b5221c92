// `npm run bench -- engine [--json]`: what the engine's own work costs beside the floor, which is the bare
// commands of the driver that any design needs. Both alternate in one process on one Valkey; medians of the
// repeats.

import { createEngine, openStore, type Store, silentReport } from '../../streams/engine.ts';
import { connect, fold, openStream, unfolded, untilReady, type Valkey } from '../../streams/parts.ts';
import { startTestValkey } from '../support/valkey.ts';
import { type Cost, costOf } from './support/cost.ts';
import { atLeast, type Bound, type Row, rowOf } from './support/figures.ts';
import { interleaved, many } from './support/interleaved.ts';
import { publish } from './support/publish.ts';
import { jobs, rooms } from './support/streams.ts';

const steps = Number(process.env['STEPS'] ?? 4_000);
const answers = Number(process.env['ANSWERS'] ?? 20_000);
const atOnce = 256;
const readRoom = 'room-to-read';

interface Bench {
  readonly store: Store;
  readonly commands: Valkey;
  readonly run: number;
}

/** Append a transition, deliver it by group, handle it, commit one event with the acknowledgement. */
async function ourSteps({ store, commands, run }: Bench): Promise<Cost> {
  const engine = createEngine({
    store,
    streams: [jobs],
    report: silentReport,
    checks: false,
    consumer: 'one',
  });
  const stream = engine.stream(jobs);
  const finished = Promise.withResolvers<void>();
  let done = 0;
  stream.consume({
    group: 'worker',
    wakes: ['Begun'],
    concurrency: atOnce,
    async handle({ submit }) {
      await submit('finish', { last: true });
      done += 1;
      if (done === steps) finished.resolve();
    },
  });
  await engine.ready(AbortSignal.timeout(10_000));
  const stop = new AbortController();
  const running = engine.run(stop.signal);
  const cost = await costOf(commands, steps, async () => {
    await many(steps, atOnce, (at) => stream.handle(`job-${run}-${at}`, 'begin'));
    await finished.promise;
  });
  stop.abort();
  await running;
  engine.close();
  return cost;
}

async function floorOfSteps({ commands, run }: Bench): Promise<Cost> {
  const feed = `floor:${run}:feed`;
  const log = (at: number | string) => `floor:${run}:events:${at}`;
  const payload = JSON.stringify({ what: 'a job', size: 7 });
  const reader = commands.duplicate() as Valkey;
  await untilReady(reader, AbortSignal.timeout(10_000));
  await commands.xgroup('CREATE', feed, 'worker', '0', 'MKSTREAM');
  const cost = await costOf(commands, steps, async () => {
    const consume = async () => {
      for (let done = 0; done < steps; ) {
        const read = (await reader.call(
          'XREADGROUP',
          'GROUP',
          'worker',
          'one',
          'COUNT',
          atOnce,
          'BLOCK',
          1_000,
          'STREAMS',
          feed,
          '>',
        )) as [string, [string, string[]][]][] | null;
        const entries = read?.[0]?.[1] ?? [];
        await Promise.all(
          entries.map(([id, fields]) => {
            const at = fields[1] ?? '';
            return commands
              .pipeline()
              .xadd(log(at), '*', 'type', 'Done', 'e', payload)
              .set(`floor:${run}:key:${at}`, '1')
              .xack(feed, 'worker', id)
              .exec();
          }),
        );
        done += entries.length;
      }
    };
    const begin = (at: number) =>
      commands.pipeline().xadd(log(at), '*', 'type', 'Begun', 'e', payload).xadd(feed, '*', 'job', at).exec();
    await Promise.all([many(steps, atOnce, begin), consume()]);
  });
  reader.disconnect();
  return cost;
}

/** The fast path: guards, a key and a quiet event, in one room. */
async function ourAnswers({ store, commands, run }: Bench): Promise<Cost> {
  const { answer, close } = await openRoom(store, `room-${run}`);
  const cost = await costOf(commands, answers, () => many(answers, atOnce, answer));
  close();
  return cost;
}

/** A stream that has begun, and what gives it its answer number `at`. */
async function openRoom(store: Store, id: string) {
  const opened = openStream(store, rooms, { name: 'bench' });
  await opened.ready(AbortSignal.timeout(10_000));
  const context = { by: 'bench', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  await opened.handler.handle(id, () => 'begin', context);
  const guards = [
    { field: 'epoch', present: true, else: 'no_room' },
    { field: 'rev', reached: true, else: 'too_early' },
  ] as const;
  const answer = (at: number) => {
    const event = { type: 'Answered', data: { player: `player-${at}`, answer: 'FACT' } } as const;
    const append = { key: `answer:${at}`, note: 'FACT', guards, events: [event], count: 'answers' };
    return opened.handler.append(id, () => append, context);
  };
  return { answer, close: opened.close };
}

async function floorOfAnswers({ commands, run }: Bench): Promise<Cost> {
  const payload = JSON.stringify({ player: 'player-1', answer: 'FACT' });
  return costOf(commands, answers, () =>
    many(answers, atOnce, () => commands.xadd(`floor:answers:${run}`, '*', 'type', 'Answered', 'e', payload)),
  );
}

/** Reads the log of a room with so many answers and folds it. */
async function ourReading({ store, commands }: Bench): Promise<Cost> {
  const opened = openStream(store, rooms, { name: 'bench' });
  await opened.ready(AbortSignal.timeout(10_000));
  const cost = await costOf(commands, answers, async () => {
    let folded = unfolded(rooms);
    for (;;) {
      const page = await opened.log.read(readRoom, folded.rev);
      if (page.length === 0) break;
      folded = fold(rooms, folded, page);
    }
    if (folded.rev !== answers + 1) throw new Error(`read up to ${folded.rev} of ${answers + 1}`);
  });
  opened.close();
  return cost;
}

async function floorOfReading({ commands }: Bench): Promise<Cost> {
  return costOf(commands, answers, async () => {
    let read = 0;
    for (let after = '-'; ; ) {
      const page = await commands.xrange(`rooms:events:${readRoom}`, after, '+', 'COUNT', 1_000);
      for (const [, fields] of page) JSON.parse(fields[5] ?? '{}');
      read += page.length;
      const last = page.at(-1)?.[0];
      if (last === undefined) break;
      after = `(${last}`;
    }
    if (read !== answers + 1) throw new Error(`read ${read} of ${answers + 1}`);
  });
}

const works = {
  step: [ourSteps, floorOfSteps],
  answer: [ourAnswers, floorOfAnswers],
  reading: [ourReading, floorOfReading],
} as const;

type Work = keyof typeof works;

/** What has to be so, by how soon Valkey's disk has an answer. */
const bounds: Readonly<Record<string, Readonly<Record<Work, readonly Bound[]>>>> = {
  everysec: {
    step: [atLeast(0.6, 'floor')],
    answer: [atLeast(0.5, 'floor')],
    reading: [atLeast(0.5, 'floor')],
  },
  always: {
    step: [atLeast(0.5, 'floor')],
    answer: [atLeast(0.5, 'floor')],
    reading: [atLeast(0.5, 'floor')],
  },
};

async function measure(fsync: string): Promise<Row[]> {
  const valkey = await startTestValkey(['--appendfsync', fsync]);
  const store = await openStore(valkey.url, AbortSignal.timeout(10_000), silentReport);
  const commands = connect(valkey.url, 'bench');
  await untilReady(commands, AbortSignal.timeout(10_000));
  const rows: Row[] = [];
  try {
    const { answer, close } = await openRoom(store, readRoom);
    await many(answers, atOnce, answer);
    close();
    for (const [work, [ours, floor]] of Object.entries(works) as [Work, (typeof works)[Work]][]) {
      const samples = await interleaved(`${work}, ${fsync}`, {
        ours: (run) => ours({ store, commands, run }),
        floor: (run) => floor({ store, commands, run }),
      });
      rows.push(
        rowOf({ name: `${work}, ${fsync}`, unit: '/s', samples, bounds: bounds[fsync]?.[work] ?? [] }),
      );
    }
  } finally {
    commands.disconnect();
    store.close();
    await valkey.stop();
  }
  return rows;
}

export async function bench(json: boolean): Promise<void> {
  const rows = [...(await measure('everysec')), ...(await measure('always'))];
  await publish('engine', rows, json);
}
