// The streams that the engine is measured with: work that begins and is done, and rooms that take answers.
// Both have the same rules and stand apart, so that no job begins with a room.

import { z } from 'zod';
import { defineStream } from '../../../streams/engine.ts';

const streamOf = (name: string) =>
  defineStream({
    name,
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

export const jobs = streamOf('jobs');
export const rooms = streamOf('rooms');

/** Streams that are passed on, lap after lap. */
export const relays = defineStream({
  name: 'relays',
  events: { Passed: z.object({ lap: z.number() }) },
  initial: { laps: 0 },
  decide: (lap: number) => ({ key: `lap:${lap}`, events: [{ type: 'Passed', data: { lap } }] }),
  evolve: (_state, { data }) => ({ laps: data.lap }),
});
