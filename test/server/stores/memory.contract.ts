// What every memory promises, however it searches. Run against the one in a map, the one on a plain Valkey,
// and the one on a Valkey with Search.

import { ulid } from 'ulid';
import { describe, expect, test } from 'vitest';
import { RoomCode, RoundId } from '../../../core/ids.ts';
import type { Memory, PlayedQuestion } from '../../../core/memory.ts';

export const dimensions = 8;
export const rooms = [RoomCode.parse('AAAAAA'), RoomCode.parse('BBBBBB')] as const;
const [here, there] = rooms;

/** A direction between two axes, at unit length; `turn` 0 is the first axis, 1 the second. */
export function direction(turn: number, axis = 0): Float32Array {
  const angle = (turn * Math.PI) / 2;
  const vector = new Float32Array(dimensions);
  vector[axis] = Math.cos(angle);
  vector[axis + 1] = Math.sin(angle);
  return vector;
}

export function played(room: RoomCode, question: string, accuracy: number | null = 0.5): PlayedQuestion {
  const about = { topic: 'Tests', difficulty: 'normal', truth: 'FACT', factKey: `test:${question}` } as const;
  return { roundId: RoundId.parse(ulid()), room, at: 1_000, question, accuracy, ...about };
}

/** `open` gives a memory that holds nothing. */
export function describeMemory(name: string, open: () => Promise<Memory>): void {
  describe(name, () => {
    const filled = async () => {
      const memory = await open();
      const of = (room: RoomCode, rows: readonly (readonly [string, number])[]) => ({
        room,
        epoch: 'one',
        rev: 9,
        questions: rows.map(([text, turn]) => ({ played: played(room, text), embedding: direction(turn) })),
      });
      const batch = of(here, [
        ['east', 0],
        ['north-east', 0.5],
        ['north', 1],
      ]);
      await memory.remember(batch);
      await memory.remember(of(there, [['elsewhere', 0.05]]));
      return { memory, batch };
    };
    const textsOf = async (memory: Memory, turn: number, room: RoomCode | null, count: number) => {
      const found = await memory.nearest({ embedding: direction(turn), room, count });
      return found.map(({ question }) => question);
    };

    test('gives the nearest first, with the cosine and all that was kept', async () => {
      const { memory, batch } = await filled();
      const [first, second] = await memory.nearest({ embedding: direction(0.1), room: here, count: 2 });
      expect(first).toMatchObject(batch.questions[0]?.played ?? {});
      expect(first?.similarity).toBeCloseTo(Math.cos((0.1 * Math.PI) / 2), 5);
      expect(second?.question).toBe('north-east');
    });

    test('looks in one room, or in all', async () => {
      const { memory } = await filled();
      expect(await textsOf(memory, 0.1, here, 3)).toEqual(['east', 'north-east', 'north']);
      expect(await textsOf(memory, 0.1, null, 3)).toEqual(['elsewhere', 'east', 'north-east']);
      expect(await textsOf(memory, 0.1, RoomCode.parse('CCCCCC'), 3)).toEqual([]);
    });

    test('gives as many as were asked for, or fewer', async () => {
      const { memory } = await filled();
      expect(await textsOf(memory, 1, here, 1)).toEqual(['north']);
      expect(await textsOf(memory, 1, here, 50)).toHaveLength(3);
    });

    test('remembers a question once, however often it is told', async () => {
      const { memory, batch } = await filled();
      await memory.remember(batch);
      expect(await textsOf(memory, 0, here, 50)).toHaveLength(3);
    });

    test('finds what was remembered a moment ago', async () => {
      const { memory } = await filled();
      await textsOf(memory, 0, here, 1);
      const late = { played: played(here, 'late'), embedding: direction(0) };
      await memory.remember({ room: here, epoch: 'one', rev: 12, questions: [late] });
      expect((await textsOf(memory, 0, here, 2)).sort()).toEqual(['east', 'late']);
    });

    test('knows how far a room is remembered, and takes no step back', async () => {
      const { memory } = await filled();
      expect([await memory.rememberedTo(here, 'one'), await memory.rememberedTo(here, 'two')]).toEqual([
        9, 0,
      ]);
      await memory.remember({ room: here, epoch: 'one', rev: 5, questions: [] });
      expect(await memory.rememberedTo(here, 'one')).toBe(9);
      await memory.remember({ room: here, epoch: 'two', rev: 2, questions: [] });
      expect(await memory.rememberedTo(here, 'two')).toBe(2);
    });

    test('holds an unanswered question without an accuracy', async () => {
      const memory = await open();
      const questions = [{ played: played(here, 'nobody', null), embedding: direction(0) }];
      await memory.remember({ room: here, epoch: 'one', rev: 1, questions });
      const [found] = await memory.nearest({ embedding: direction(0), room: here, count: 1 });
      expect(found?.accuracy).toBeNull();
    });
  });
}
