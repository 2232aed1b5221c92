// An answer: the fast path of a command without a fold, with guards, a key and a quiet event, all in one
// room. The floor is one XADD; BullMQ adds a job, one call for each as players are apart, or many in one
// call.

import type { Store } from '../../../streams/engine.ts';
import { openStream } from '../../../streams/parts.ts';
import { type Cost, costOf } from '../support/cost.ts';
import { many } from '../support/interleaved.ts';
import { rooms } from '../support/streams.ts';
import type { Setting } from './setting.ts';

export async function ourAnswers({ store, commands, answers, atOnce }: Setting, run: number): Promise<Cost> {
  const { answer, close } = await openRoom(store, `room-${run}`);
  const cost = await costOf(commands, answers, () => many(answers, atOnce, answer));
  close();
  return cost;
}

/** A stream that has begun, and what gives it its answer number `at`. */
export async function openRoom(store: Store, id: string) {
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

export async function floorOfAnswers({ commands, answers, atOnce }: Setting, run: number): Promise<Cost> {
  const payload = JSON.stringify({ player: 'player-1', answer: 'FACT' });
  return costOf(commands, answers, () =>
    many(answers, atOnce, () => commands.xadd(`floor:answers:${run}`, '*', 'type', 'Answered', 'e', payload)),
  );
}

const jobOf = (at: number) => ({ name: 'answer', data: { player: `player-${at}`, answer: 'FACT' } });

export async function bullmqAdds({ commands, bullmq, answers, atOnce }: Setting, run: number): Promise<Cost> {
  const queue = await bullmq.queue(`answers-${run}`);
  return costOf(commands, answers, () => many(answers, atOnce, (at) => queue.add('answer', jobOf(at).data)));
}

export async function bullmqBulkAdds(
  { commands, bullmq, answers, atOnce }: Setting,
  run: number,
): Promise<Cost> {
  const queue = await bullmq.queue(`answers-${run}`);
  return costOf(commands, answers, async () => {
    for (let from = 0; from < answers; from += atOnce) {
      const length = Math.min(atOnce, answers - from);
      await queue.addBulk(Array.from({ length }, (_, at) => jobOf(from + at)));
    }
  });
}
