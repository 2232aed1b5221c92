// The program that a run of a model is played with: a stream whose commands are answered by one event each,
// numbered by what the handler has seen of the stream. As `consume.pml` has it.

import { z } from 'zod';
import { defineStream } from '../../../streams/contract/define-stream.ts';
import type { TypesOf } from '../../../streams/contract/definition.ts';

export type Answering = TypesOf<ReturnType<typeof defineAnswering>>;

interface State {
  /** Commands that were answered, in order. */
  readonly answered: readonly number[];
}

type Command = { readonly answer: number } | { readonly open: true };

/** `name`: a kind of stream of its own for each run. The first event tells nobody, and leaves the turn. */
export const defineAnswering = (name: string) =>
  defineStream({
    name,
    events: {
      Opened: z.object({}),
      Asked: z.object({ command: z.number() }),
      Answered: z.object({ command: z.number(), number: z.number() }),
    },
    quiet: ['Opened'],
    initial: { answered: [] } as State,
    decide: (command: Command, { answered }) => {
      if ('open' in command) return { key: 'open', events: [{ type: 'Opened', data: {} }] };
      if (answered.includes(command.answer)) return { events: [] };
      const data = { command: command.answer, number: answered.length + 1 };
      return { key: `answer:${command.answer}`, events: [{ type: 'Answered', data }] };
    },
    evolve: ({ answered }, { type, data }): State => ({
      answered: type === 'Answered' ? [...answered, data.command] : answered,
    }),
  });
