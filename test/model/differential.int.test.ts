// The log in memory against the log on Valkey: the same random commands, equal replies. What a test is told
// by the one has to be true of the other.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandsForAll } from '../support/commands-for-all.ts';
import { memorySide } from './differential/memory-side.ts';
import { defineNotes } from './differential/notes.ts';
import { play } from './differential/play.ts';
import { commandsIn, histories, type Step } from './differential/steps.ts';
import { valkeySide } from './differential/valkey-side.ts';
import { toldClockOn } from './told-clock.ts';

const wanted = Number(process.env['MODEL_COMMANDS'] ?? 1_500);
const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 2 ** 31);
const roundOf = 25;

const each = commandsForAll();

test('the log in memory and the log on Valkey never differ, whatever is asked of them', async () => {
  const { commands } = each;
  const clock = await toldClockOn(commands);
  let kinds = 0;
  let done = 0;
  const both = async (history: readonly Step[]) => {
    const definition = defineNotes(`notes-${++kinds}`);
    const ids = () => {
      let last = 0;
      return () => `event-${++last}`;
    };
    const sides = [
      memorySide(definition, ids()),
      await valkeySide(commands, clock, definition, ids()),
    ] as const;
    await play(history, sides, definition);
    done += history.reduce((sum, step) => sum + commandsIn(step), 0);
  };
  for (let round = 0; done < wanted; round += 1) {
    await fc.assert(fc.asyncProperty(histories, both), { numRuns: roundOf, seed: seed + round });
    await commands.flushdb();
    await clock.tell(0);
  }
  console.info(`differential: ${done} commands, seeds from ${seed}`);
  expect(done).toBeGreaterThanOrEqual(wanted);
}, 3_600_000);
