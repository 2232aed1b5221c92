// The kind of stream that both logs are tried with: events that count and one that is quiet, an end after
// which it may leave, effects on fields and timers.

import { z } from 'zod';
import { defineStream, type TypesOf } from '../../../streams/engine.ts';

interface Note {
  readonly phase: 'none' | 'open' | 'closed';
  readonly lines: number;
  readonly scribbles: number;
}

export type NoteCommand =
  | { readonly type: 'open'; readonly title: string; readonly key: string | null }
  | { readonly type: 'write'; readonly texts: readonly string[]; readonly key: string | null }
  | { readonly type: 'remind'; readonly timer: string; readonly inMs: number }
  | { readonly type: 'close' | 'nothing' | 'stale' | 'refuse' };

const text = z.object({ text: z.string() });
const initial: Note = { phase: 'none', lines: 0, scribbles: 0 };

/** `name`: a fresh one for each history. */
export function defineNotes(name: string) {
  return defineStream({
    name,
    events: { Opened: z.object({ title: z.string() }), Written: text, Scribbled: text, Closed: z.object({}) },
    quiet: ['Scribbled'],
    retention: { ends: ['Closed'], afterMs: 5_000 },
    initial,
    keyOf: (command: NoteCommand) => ('key' in command ? command.key : null),
    decide: (command: NoteCommand, note: Note) => {
      if (command.type === 'refuse') return { rejected: 'refused' };
      if (command.type === 'stale') return { stale: true } as const;
      if (command.type === 'open') {
        if (note.phase !== 'none') return { rejected: 'opened_before' };
        const { key, title } = command;
        return { key, note: title, events: [{ type: 'Opened', data: { title } }] };
      }
      if (note.phase === 'none') return { rejected: 'not_opened' };
      if (command.type === 'remind') {
        return { events: [], timers: [{ set: command.timer, inMs: command.inMs }] };
      }
      if (command.type === 'close') return { key: 'close', events: [{ type: 'Closed', data: {} }] };
      if (command.type !== 'write') return { events: [] };
      const { key, texts } = command;
      return { key, events: texts.map((line) => ({ type: 'Written', data: { text: line } }) as const) };
    },
    evolve: (note, event): Note => {
      if (event.type === 'Opened') return { ...note, phase: 'open' };
      if (event.type === 'Closed') return { ...note, phase: 'closed' };
      if (event.type === 'Written') return { ...note, phase: 'open', lines: note.lines + 1 };
      return { ...note, scribbles: note.scribbles + 1 };
    },
    effects: (event, before) => ({
      meta: event.type === 'Written' ? [{ set: 'lines', value: String(before.lines + 1) }] : [],
      timers: event.type === 'Opened' ? [{ set: 'old', inMs: 60_000 }] : [],
    }),
  });
}

export type Notes = TypesOf<ReturnType<typeof defineNotes>>;
