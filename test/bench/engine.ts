// `npm run bench -- engine [--json]`: what the engine's own work costs beside the floor, which is the bare
// commands of the driver that any design needs. Both alternate in one process on one Valkey; medians of the
// repeats.

import { z } from 'zod';
import { createEngine, defineStream, openStore, type Store, silentReport } from '../../streams/engine.ts';
import { connect, fold, openStream, unfolded, untilReady, type Valkey } from '../../streams/parts.ts';
import { startTestValkey } from '../support/valkey.ts';

const repeats = Number(process.env['REPEATS'] ?? 5);
const steps = Number(process.env['STEPS'] ?? 4_000);
const answers = Number(process.env['ANSWERS'] ?? 20_000);
const atOnce = 256;

const jobs = defineStream({
  name: 'jobs',
  events: {
    Begun: z.object({ what: z.string(), size: z.number() }),
    Done: z.object({ result: z.string() }),
    Answered: z.object({ player: z.string(), answer: z.enum(['FACT', 'FAKE']) }),
  },
  quiet: ['Answered'],
  initial: { done: false, answers: 0 },
  decide(command: 'begin' | 'finish', state: { readonly done: boolean; readonly answers: number }) {
    if (command === 'begin')
      return { key: 'begin', events: [{ type: 'Begun', data: { what: 'a job', size: 7 } }] };
    if (state.done) return { stale: true };
    return { key: 'done', events: [{ type: 'Done', data: { result: 'a result of some length' } }] };
  },
  evolve: (state, { type }) => ({
    done: state.done || type === 'Done',
    answers: state.answers + (type === 'Answered' ? 1 : 0),
  }),
});

/** What one run of some work cost. */
interface Cost {
  /** Per second. */
  readonly rate: number;
  /** Of this process, in us for each. */
  readonly clientUs: number;
  /** Of Valkey, in us for each. */
  readonly serverUs: number;
}

async function costOf(commands: Valkey, count: number, work: () => Promise<void>): Promise<Cost> {
  const server = await busyUs(commands);
  const cpu = process.cpuUsage();
  const since = performance.now();
  await work();
  const seconds = (performance.now() - since) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const round = (us: number) => Math.round((us / count) * 10) / 10;
  return {
    rate: Math.round(count / seconds),
    clientUs: round(user + system),
    serverUs: round((await busyUs(commands)) - server),
  };
}

/** CPU that the server has used so far, in us. */
async function busyUs(commands: Valkey): Promise<number> {
  const info = await commands.info('cpu');
  const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  return (of('used_cpu_user') + of('used_cpu_sys')) * 1_000_000;
}

/** Runs `work` for 0 to `count` - 1, so many at once. */
async function many(count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const one = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

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
    await many(steps, (at) => stream.handle(`job-${run}-${at}`, 'begin'));
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
    await Promise.all([many(steps, begin), consume()]);
  });
  reader.disconnect();
  return cost;
}

/** The fast path: guards, a key and a quiet event, in one room. */
async function ourAnswers({ store, commands, run }: Bench): Promise<Cost> {
  const opened = openStream(store, jobs, { name: 'bench' });
  await opened.ready(AbortSignal.timeout(10_000));
  const context = { by: 'bench', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
  const id = `room-${run}`;
  await opened.handler.handle(id, () => 'begin', context);
  const guards = [
    { field: 'epoch', present: true, else: 'no_room' },
    { field: 'rev', reached: true, else: 'too_early' },
  ] as const;
  const cost = await costOf(commands, answers, () =>
    many(answers, (at) => {
      const event = { type: 'Answered', data: { player: `player-${at}`, answer: 'FACT' } } as const;
      const append = { key: `answer:${at}`, note: 'FACT', guards, events: [event], count: 'answers' };
      return opened.handler.append(id, () => append, context);
    }),
  );
  opened.close();
  return cost;
}

async function floorOfAnswers({ commands, run }: Bench): Promise<Cost> {
  const payload = JSON.stringify({ player: 'player-1', answer: 'FACT' });
  return costOf(commands, answers, () =>
    many(answers, () => commands.xadd(`floor:answers:${run}`, '*', 'type', 'Answered', 'e', payload)),
  );
}

/** Reads the log of a room with its answers and folds it. */
async function ourReading({ store, commands, run }: Bench): Promise<Cost> {
  const opened = openStream(store, jobs, { name: 'bench' });
  await opened.ready(AbortSignal.timeout(10_000));
  const cost = await costOf(commands, answers, async () => {
    let folded = unfolded(jobs);
    for (;;) {
      const page = await opened.log.read(`room-${run}`, folded.rev);
      if (page.length === 0) break;
      folded = fold(jobs, folded, page);
    }
    if (folded.rev !== answers + 1) throw new Error(`read up to ${folded.rev} of ${answers + 1}`);
  });
  opened.close();
  return cost;
}

async function floorOfReading({ commands, run }: Bench): Promise<Cost> {
  return costOf(commands, answers, async () => {
    let read = 0;
    for (let after = '-'; ; ) {
      const page = await commands.xrange(`jobs:events:room-${run}`, after, '+', 'COUNT', 1_000);
      for (const [, fields] of page) JSON.parse(fields[5] ?? '{}');
      read += page.length;
      const last = page.at(-1)?.[0];
      if (last === undefined) break;
      after = `(${last}`;
    }
    if (read !== answers + 1) throw new Error(`read ${read} of ${answers + 1}`);
  });
}

const works = [
  ['step', ourSteps, floorOfSteps],
  ['answer', ourAnswers, floorOfAnswers],
  ['reading', ourReading, floorOfReading],
] as const;

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const medianOf = (costs: readonly Cost[]): Cost => ({
  rate: median(costs.map(({ rate }) => rate)),
  clientUs: median(costs.map(({ clientUs }) => clientUs)),
  serverUs: median(costs.map(({ serverUs }) => serverUs)),
});

async function measure(fsync: string) {
  const valkey = await startTestValkey(['--appendfsync', fsync]);
  const store = await openStore(valkey.url, AbortSignal.timeout(10_000), silentReport);
  const commands = connect(valkey.url, 'bench');
  await untilReady(commands, AbortSignal.timeout(10_000));
  const samples = works.map(() => ({ ours: [] as Cost[], floor: [] as Cost[] }));
  try {
    for (let run = 0; run < repeats; run++) {
      for (const [at, [name, ours, floor]] of works.entries()) {
        process.stderr.write(`${fsync} ${name} ${run + 1}/${repeats}\r`);
        samples[at]?.ours.push(await ours({ store, commands, run }));
        samples[at]?.floor.push(await floor({ store, commands, run }));
      }
    }
  } finally {
    commands.disconnect();
    store.close();
    await valkey.stop();
  }
  return works.map(([name], at) => {
    const { ours = [], floor = [] } = samples[at] ?? {};
    const [our, bare] = [medianOf(ours), medianOf(floor)];
    return {
      name: `${name}, ${fsync}`,
      ours: our,
      floor: bare,
      ratio: our.rate / bare.rate,
      samples: { ours, floor },
    };
  });
}

/** Prints a table, and one line of JSON behind it where that is wanted. */
export async function bench(json: boolean): Promise<void> {
  const { FSYNC } = process.env;
  const rows = [];
  for (const fsync of FSYNC === undefined ? ['everysec', 'always'] : [FSYNC])
    rows.push(...(await measure(fsync)));
  console.log('| work | ours | client us | server us | floor | client us | server us | ours / floor |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const { name, ours, floor, ratio } of rows) {
    const cells = [ours.rate, ours.clientUs, ours.serverUs, floor.rate, floor.clientUs, floor.serverUs];
    console.log(`| ${name} | ${cells.join(' | ')} | ${ratio.toFixed(2)} |`);
  }
  if (json) console.log(JSON.stringify({ name: 'engine', rows }));
}
