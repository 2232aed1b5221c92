// What a kind of stream is told when it is defined wrong, and what it makes of its parts when it is defined
// well.

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { gameStream } from '../../server/wiring/game-stream.ts';
import { createCodec } from '../../streams/admin.ts';
import { defineStream } from '../../streams/engine.ts';

type Light = { readonly on: boolean };
type Switch = { readonly type: 'turn'; readonly on: boolean };

const parts = {
  name: 'lights',
  events: { TurnedOn: z.object({}), TurnedOff: z.object({ by: z.string() }) },
  initial: { on: false },
  decide: (command: Switch, light: Light) =>
    command.on === light.on
      ? ({ rejected: 'already_so' } as const)
      : { events: [{ type: 'TurnedOn', data: {} } as const] },
  evolve: (_light: Light, event: { readonly type: string }): Light => ({ on: event.type === 'TurnedOn' }),
};
const lift = (raw: Readonly<Record<string, unknown>>) => ({ ...raw, v: Number(raw['v']) + 1 });

describe('a definition is refused in one sentence', () => {
  test.each([
    ['whose name could not begin a key', { name: 'my lights' }, 'a name is 1 to 31 lower-case letters'],
    ['without events', { events: {} }, 'it has no events'],
    [
      'whose event has a name that no feed can carry',
      { events: { 'a,b': z.object({}) } },
      'no name for an event',
    ],
    ['that calls quiet what is none of its events', { quiet: ['Flickered'] }, 'quiet names Flickered'],
    ['with a version that is none', { version: 0 }, 'a version is a whole number from 1'],
    [
      'that cannot read its past',
      { version: 3, upcasters: new Map([[1, lift]]) },
      'version 2 have no upcaster to version 3',
    ],
    ['whose envelope lacks the id', { scope: z.object({ house: z.string() }) }, 'its scope lacks stream'],
    ['that never ends', { retention: { ends: [], afterMs: 1 } }, 'names no event that ends a stream'],
    [
      'that ends with what is none of its events',
      { retention: { ends: ['Broken'], afterMs: 1 } },
      'its retention ends with Broken, which is none',
    ],
    [
      'that ends quietly',
      { quiet: ['TurnedOff'], retention: { ends: ['TurnedOff'], afterMs: 1 } },
      'its retention ends with TurnedOff, which is quiet',
    ],
    [
      'that stays for no time',
      { retention: { ends: ['TurnedOff'], afterMs: 0.5 } },
      'a whole number of milliseconds from 1',
    ],
  ])('%s', (_what, wrong, said) => {
    const define = () => defineStream({ ...parts, ...wrong } as unknown as typeof parts);
    expect(define).toThrow(said);
    expect(define).toThrow(/^stream "[^"]*": .+$/);
  });
});

describe('a codec', () => {
  const lights = defineStream({ ...parts, version: 2, upcasters: new Map([[1, lift]]) });
  const codec = createCodec(lights);
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const stamp = { id: 'x', v: 1, stream: 'hall', by: 'ada', causationId: null, key: null, traceparent };
  const stored = (type: string, rest: object) => ({
    rev: 1,
    at: 5,
    type,
    e: JSON.stringify({ ...stamp, ...rest }),
  });

  test('lifts what an older version wrote', () => {
    const event = codec.decode(stored('TurnedOff', { data: { by: 'bo' } }));
    expect(event).toEqual({ ...stamp, v: 2, type: 'TurnedOff', data: { by: 'bo' }, rev: 1, at: 5 });
  });

  test.each([
    ['of a version from the future', stored('TurnedOn', { v: 3, data: {} }), 'version 3 is not known here'],
    ['that nobody declared', stored('Exploded', { data: {} }), 'no event of lights is called Exploded'],
    ['that is called like what every object has', stored('toString', { data: {} }), 'is called toString'],
    ['whose data does not fit', stored('TurnedOff', { data: {} }), 'entry 1-0 cannot be read'],
    [
      'whose schema has changed',
      stored('TurnedOff', { data: {} }),
      'raise `version` of the definition and add',
    ],
    ['that is no JSON', { ...stored('TurnedOn', {}), e: '{' }, 'entry 1-0 cannot be read'],
  ])('refuses an entry %s, for good', (_what, entry, said) => {
    const read = () => codec.decode(entry);
    expect(read).toThrow(said);
    expect(read).toThrow(expect.objectContaining({ code: 'unreadable_event', retryable: false }));
  });

  test('refuses to write what no reader would take', () => {
    const undeclared = { type: 'Exploded', data: {} } as never;
    expect(() => codec.readable(undeclared)).toThrow('lights declares no such event');
    const unfit = { type: 'TurnedOff', data: { by: 7 } } as never;
    expect(() => codec.readable(unfit)).toThrow(expect.objectContaining({ code: 'unwritable_event' }));
  });
});

test('an id is none where a timer or a key could not tell it from what stands beside it', () => {
  const lights = defineStream(parts);
  const ids = ['hall', 'a:b', '', 'a|b', 'a b', '{hall}', 'x'.repeat(201), 'x'.repeat(10_000)];
  expect(ids.filter((id) => lights.parseId(id) !== null)).toEqual(['hall', 'a:b']);
});

test('the game is one definition', () => {
  expect(gameStream.name).toBe('game');
  expect(Object.keys(gameStream.schemas)).toContain('ROOM_CREATED');
  expect(gameStream.parseId('abcdef')).toBe('ABCDEF');
});
