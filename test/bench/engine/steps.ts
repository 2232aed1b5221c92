// A step: append a transition, deliver it by group, handle it, commit one event with the acknowledgement.
// The floor is what any design on Streams sends at least, by the bare driver; BullMQ adds a job, processes
// it and adds the next one.

import { createEngine, silentReport } from '../../../streams/engine.ts';
import { untilReady, type Valkey } from '../../../streams/parts.ts';
import { type Cost, costOf } from '../support/cost.ts';
import { many } from '../support/interleaved.ts';
import { jobs } from '../support/streams.ts';
import type { Setting } from './setting.ts';

export async function ourSteps({ store, commands, steps, atOnce }: Setting, run: number): Promise<Cost> {
  const engine = createEngine({
    store,
    streams: [jobs],
    report: silentReport,
    checks: false,
    consumer: 'one',
  });
  const stream = engine.stream(jobs);
  const done = countdown(steps);
  stream.consume({
    group: 'worker',
    wakes: ['Begun'],
    concurrency: atOnce,
    async handle({ submit }) {
      await submit('finish', { last: true });
      done.one();
    },
  });
  await engine.ready(AbortSignal.timeout(10_000));
  const stop = new AbortController();
  const running = engine.run(stop.signal);
  const cost = await costOf(commands, steps, async () => {
    await many(steps, atOnce, (at) => stream.handle(`job-${run}-${at}`, 'begin'));
    await done.all;
  });
  stop.abort();
  await running;
  engine.close();
  return cost;
}

export async function floorOfSteps({ commands, steps, atOnce }: Setting, run: number): Promise<Cost> {
  const feed = `floor:${run}:feed`;
  const log = (at: number | string) => `floor:${run}:events:${at}`;
  const payload = JSON.stringify({ what: 'a job', size: 7 });
  const reader = commands.duplicate() as Valkey;
  await untilReady(reader, AbortSignal.timeout(10_000));
  await commands.xgroup('CREATE', feed, 'worker', '0', 'MKSTREAM');
  const begin = (at: number) =>
    commands.pipeline().xadd(log(at), '*', 'type', 'Begun', 'e', payload).xadd(feed, '*', 'job', at).exec();
  const finish = (id: string, at: string) =>
    commands
      .pipeline()
      .xadd(log(at), '*', 'type', 'Done', 'e', payload)
      .set(`floor:${run}:key:${at}`, '1')
      .xack(feed, 'worker', id)
      .exec();
  const consume = async () => {
    const options = ['COUNT', atOnce, 'BLOCK', 1_000, 'STREAMS', feed, '>'];
    for (let done = 0; done < steps; ) {
      const read = await reader.call('XREADGROUP', 'GROUP', 'worker', 'one', ...options);
      const entries = (read as [string, [string, string[]][]][] | null)?.[0]?.[1] ?? [];
      await Promise.all(entries.map(([id, fields]) => finish(id, fields[1] ?? '')));
      done += entries.length;
    }
  };
  const cost = await costOf(commands, steps, async () => {
    await Promise.all([many(steps, atOnce, begin), consume()]);
  });
  reader.disconnect();
  return cost;
}

export async function bullmqSteps({ commands, bullmq, steps, atOnce }: Setting, run: number): Promise<Cost> {
  const queue = await bullmq.queue(`steps-${run}`);
  const next = await bullmq.queue(`next-${run}`);
  const done = countdown(steps);
  const close = await bullmq.work(`steps-${run}`, atOnce, async () => {
    await next.add('done', { result: 'a result of some length' });
    done.one();
  });
  const cost = await costOf(commands, steps, async () => {
    await many(steps, atOnce, () => queue.add('begin', { what: 'a job', size: 7 }));
    await done.all;
  });
  await close();
  return cost;
}

function countdown(count: number): { one: () => void; readonly all: Promise<void> } {
  const { promise: all, resolve } = Promise.withResolvers<void>();
  let left = count;
  const one = () => {
    left -= 1;
    if (left === 0) resolve();
  };
  return { one, all };
}
