// `npm run bench -- handoff [--json]`: how long after a transition is decided the next handler starts,
// while 100 streams live. The floor is an XADD to a log and to a feed, and a blocked XREADGROUP; BullMQ
// adds a job. All keep to one timetable, in which no hand-off waits for the one before.

import { createEngine, openStore, type Store, silentReport } from '../../streams/engine.ts';
import { connect, untilReady, type Valkey } from '../../streams/parts.ts';
import { startTestValkey } from '../support/valkey.ts';
import { lapOf } from './handoff/lap.ts';
import { type OpenBullMq, openBullMq } from './support/bullmq.ts';
import { atMost, percentile, rowOf } from './support/figures.ts';
import { interleaved } from './support/interleaved.ts';
import { publish } from './support/publish.ts';
import { relays } from './support/streams.ts';

const streams = 100;
const handoffs = Number(process.env['HANDOFFS'] ?? 1_000);
const timetable = { handoffs, perSecond: Number(process.env['PER_SECOND'] ?? 200), streams };
const atOnce = 64;

async function ours(store: Store, run: number): Promise<number[]> {
  const engine = createEngine({ store, streams: [relays], report: silentReport, checks: false });
  const stream = engine.stream(relays);
  const { arrived, run: pass } = lapOf(timetable);
  stream.consume({
    group: 'next',
    wakes: ['Passed'],
    concurrency: atOnce,
    async handle({ events }) {
      for (const { data } of events) arrived(data.lap - 1);
    },
  });
  await engine.ready(AbortSignal.timeout(10_000));
  const stop = new AbortController();
  const running = engine.run(stop.signal);
  const delays = await pass((number, at, begins) =>
    stream.handle(`run-${run}-${at}`, () => {
      begins();
      return number + 1;
    }),
  );
  stop.abort();
  await running;
  engine.close();
  return delays;
}

async function floor(commands: Valkey, run: number): Promise<number[]> {
  const feed = `floor:${run}:feed`;
  const reader = commands.duplicate() as Valkey;
  await untilReady(reader, AbortSignal.timeout(10_000));
  await commands.xgroup('CREATE', feed, 'next', '0', 'MKSTREAM');
  const { arrived, run: pass } = lapOf(timetable);
  let left = handoffs;
  const consume = async () => {
    const options = ['COUNT', atOnce, 'BLOCK', 1_000, 'STREAMS', feed, '>'];
    while (left > 0) {
      const read = await reader.call('XREADGROUP', 'GROUP', 'next', 'one', ...options);
      const entries = (read as [string, [string, string[]][]][] | null)?.[0]?.[1] ?? [];
      for (const [, fields] of entries) arrived(Number(fields[1]));
      left -= entries.length;
      if (entries.length > 0) await commands.xack(feed, 'next', ...entries.map(([id]) => id));
    }
  };
  const payload = JSON.stringify({ lap: 1 });
  const [delays] = await Promise.all([
    pass((number, at, begins) => {
      begins();
      return commands
        .pipeline()
        .xadd(`floor:${run}:${at}`, '*', 'type', 'Passed', 'e', payload)
        .xadd(feed, '*', 'number', number)
        .exec();
    }),
    consume(),
  ]);
  reader.disconnect();
  return delays;
}

async function bullmq(opened: OpenBullMq, run: number): Promise<number[]> {
  const queue = await opened.queue(`handoff-${run}`);
  const { arrived, run: pass } = lapOf(timetable);
  const close = await opened.work(`handoff-${run}`, atOnce, async ({ data }) =>
    arrived(Number(data['number'])),
  );
  const delays = await pass((number, stream, begins) => {
    begins();
    return queue.add('passed', { number, stream });
  });
  await close();
  return delays;
}

export async function bench(json: boolean): Promise<void> {
  const valkey = await startTestValkey();
  const store = await openStore(valkey.url, AbortSignal.timeout(10_000), silentReport);
  const commands = connect(valkey.url, 'bench');
  await untilReady(commands, AbortSignal.timeout(10_000));
  const opened = await openBullMq(valkey.url);
  try {
    const delays = await interleaved('handoff', {
      ours: (run) => ours(store, run),
      floor: (run) => floor(commands, run),
      BullMQ: (run) => bullmq(opened, run),
    });
    const at = (share: number) =>
      Object.fromEntries(
        Object.entries(delays).map(([who, runs]) => [who, runs.map((run) => percentile(run, share))]),
      );
    const rows = [
      rowOf({ name: 'half within', unit: 'ms', samples: at(0.5), bounds: [atMost(2, 'floor')] }),
      rowOf({ name: '99 of 100 within', unit: 'ms', samples: at(0.99), bounds: [atMost(25)] }),
    ];
    await publish('handoff', rows, json);
  } finally {
    opened.close();
    commands.disconnect();
    store.close();
    await valkey.stop();
  }
}
